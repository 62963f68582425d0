// What links show: of other sites what the server found there, of this one what the reader may read.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before } from "node:test";
import { count, eventually, gone, house, see } from "../support/house.js";
import { png } from "../support/media.js";
import { button, composer, log, press, words } from "../support/screens.js";

const home = house({ env: { PARLOUR_OUTBOUND_ALLOW: "127.0.0.0/8" } });

const site = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://site");
  if (pathname.endsWith(".png")) {
    response.writeHead(200, { "content-type": "image/png" });
    return response.end(png(800, 420, [150, 180, 210]));
  }
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(`<!doctype html><html><head><title>Roofs</title>
    <meta property="og:site_name" content="The Roofer">
    <meta property="og:title" content="How to mend a roof ${pathname}">
    <meta property="og:description" content="Begin at the top, and do not look down.">
    <meta property="og:image" content="/roof.png"></head><body>x</body></html>`);
});
let address;
before(async () => {
  site.listen(0, "127.0.0.1");
  await once(site, "listening");
  address = `http://127.0.0.1:${site.address().port}`;
});
after(() => site.close());

let secret;
home.prepare(async () => {
  const bo = await home.person("bo", "Bo Lind");
  secret = await bo.api.post("rooms", { name: "Attic", private: true });
  secret.said = await bo.api.say(secret.id, "the key lies under the third pot");
});

/** Both in the lobby. */
async function two() {
  const path = `/r/${home.lobby.id}`;
  const pages = await Promise.all(
    [home.people.ana, home.people.bo].map((person) => home.page(person, { path })),
  );
  await Promise.all(pages.map((page) => see(composer(page))));
  return pages;
}
const card = (page, name = "Link to The Roofer") => log(page).getByRole("group", { name });

home.scene("a card comes live; its author takes it away for everybody", async () => {
  const [ana, bo] = await two();
  const asked = [];
  bo.on("request", (request) => asked.push(request.url()));
  await home.people.ana.api.say(home.lobby.id, `read this ${address}/first`);
  for (const page of [ana, bo]) {
    const title = card(page).getByRole("link", { name: "How to mend a roof /first" });
    await see(title);
    assert.equal(await title.getAttribute("href"), `${address}/first`);
    assert.equal(await title.getAttribute("rel"), "noopener noreferrer nofollow");
    await see(card(page).getByText("Begin at the top, and do not look down."));
    await eventually(async () =>
      assert.ok(
        await card(page)
          .locator("img")
          .evaluate((it) => it.complete && it.naturalWidth > 0),
        "its picture is our copy",
      ),
    );
  }
  assert.ok(!asked.some((url) => url.startsWith(address)), "nobody's page asks the other site");

  await count(button(card(bo), "Take away the preview of The Roofer"), 0);
  await press(card(ana), "Take away the preview of The Roofer");
  for (const page of [ana, bo]) {
    await gone(card(page));
    await see(words(page, /read this/));
  }
  await ana.reload();
  await see(words(ana, /read this/));
  await count(card(ana), 0);
});

home.scene("a link to a picture shows the picture", async () => {
  const [ana, bo] = await two();
  await home.people.ana.api.say(home.lobby.id, `${address}/garden.png`);
  for (const page of [ana, bo]) {
    const shown = log(page).getByRole("group", { name: "Link to 127.0.0.1" }).getByRole("img");
    await eventually(async () => assert.ok(await shown.evaluate((it) => it.complete && it.naturalWidth > 0)));
  }
});

home.scene("where one reads stays where it is when a card comes above", async () => {
  const { api } = home.people.ana;
  await api.say(home.lobby.id, "the one that will grow");
  for (let i = 0; i < 40; i += 1) await api.say(home.lobby.id, `line ${i}`);
  const bo = await home.page(home.people.bo, { path: `/r/${home.lobby.id}` });
  await see(words(bo, "line 39"));
  await words(bo, "line 20").scrollIntoViewIfNeeded();
  await bo.evaluate(() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))));
  const top = async () => (await words(bo, "line 20").boundingBox()).y;
  const before = await top();
  const { messages } = await api.get(`rooms/${home.lobby.id}/messages?limit=60`);
  const first = messages.find(({ text }) => text === "the one that will grow");
  await api.patch(`rooms/${home.lobby.id}/messages/${first.seq}`, { text: `it grew ${address}/second` });
  await see(log(bo).getByText("How to mend a roof /second"));
  assert.ok(Math.abs((await top()) - before) < 2, "line 20 did not move");
});

home.scene("a link to a message unfolds for those who may read it, and for nobody else", async () => {
  const [ana, bo] = await two();
  const asked = [];
  for (const page of [ana, bo]) page.on("request", (request) => asked.push(new URL(request.url()).origin));
  const link = `${home.url}/r/${secret.id}/${secret.said.seq}`;
  await home.people.bo.api.say(home.lobby.id, `it is written down here: ${link}`);

  await see(words(bo, "the key lies under the third pot"));
  await see(log(bo).getByText("in Attic"));
  await see(words(ana, /it is written down here/));
  await count(log(ana).getByRole("link", { name: link }), 1);
  // Hers is answered too before we say that nothing came of it.
  await home.people.bo.api.say(home.lobby.id, "found it?");
  await see(words(ana, "found it?"));
  await count(words(ana, "the key lies under the third pot"), 0);
  assert.deepEqual([...new Set(asked)], [new URL(home.url).origin]);

  await words(bo, "the key lies under the third pot").click();
  await eventually(() => assert.equal(bo.url(), link));
});

home.scene("a link to an open message of the same room is quoted, also in one's own words", async () => {
  const said = await home.people.bo.api.say(home.lobby.id, "the shed is dry again");
  const [ana, bo] = await two();
  await home.people.ana.api.say(home.lobby.id, `good news: ${home.url}/r/${home.lobby.id}/${said.seq}`);
  for (const page of [ana, bo]) {
    const quote = log(page)
      .locator("article")
      .filter({ hasText: "good news" })
      .getByText("the shed is dry again");
    await see(quote);
  }
});

home.scene("a link to a message that is not there says so, and leads to the newest", async () => {
  const { ana } = home.people;
  await ana.api.say(home.lobby.id, "the newest of all");
  const page = await home.page(ana, { path: `/r/${home.lobby.id}/99999` });
  await see(page.getByRole("status").getByText("The message that this link leads to is not there."));
  await see(words(page, "the newest of all"));
  await gone(page.getByRole("button", { name: "To the newest" }));
});
