import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, reads, see } from "../support/house.js";
import { composer, log, press, sidebar } from "../support/screens.js";

const home = house();
let room;
let mine;
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  await home.person("cleo", "Cleo Marsh");
  room = await home.people.bo.api.post("rooms", { name: "Print room" });
  for (const name of ["ana", "cleo"]) await home.people[name].api.post(`rooms/${room.id}/members`);
  mine = await home.people.ana.api.say(room.id, "my **poster** is done");
});

const link = (page) => sidebar(page).getByRole("link", { name: /^Activity/ });
const lines = (page) => page.locator("main section li");
const line = (page, text) => lines(page).filter({ hasText: text });
const filter = (page, name) => press(page.getByRole("group", { name: "Show" }), name);
const react = (name, emoji, how = "put") =>
  home.people[name].api[how](`rooms/${room.id}/messages/${mine.seq}/reactions/${encodeURIComponent(emoji)}`);

async function opened(person, path = "/activity", more) {
  const page = await home.page(person, { path, ...more });
  await see(page.getByRole("heading", { name: "Activity", level: 1 }));
  return page;
}

home.scene("who has nothing yet sees what will be there", async () => {
  const cleo = await opened(home.people.cleo);
  await see(cleo.getByText("Nothing yet"));
  await filter(cleo, "Words");
  await see(cleo.getByText("None of your words was said yet"));
  await see(cleo.getByRole("link", { name: "Your words" }));
  await healthy(cleo, "nothing");
});

home.scene(
  "what concerns me comes live, is filtered, and leads to its message; others do not see it",
  async () => {
    const ana = await opened(home.people.ana);
    const cleo = await opened(home.people.cleo);
    const bo = home.people.bo.api;
    const named = await bo.say(room.id, "@ana which `ink`?");
    await see(line(ana, "Bo Lind named you").filter({ hasText: "which ink?" }));
    await bo.say(room.id, "@room lunch");
    await see(line(ana, "Bo Lind called everyone"));
    await see(line(cleo, "Bo Lind called everyone"));
    assert.equal(await line(cleo, "which ink?").count(), 0, "what names Ana is no activity of Cleo's");
    await home.people.ana.api.put("me/quiet", { zone: "", days: [], keywords: ["letterpress"] });
    await eventually(async () => {
      await bo.say(room.id, `a letterpress, ${Math.random()}`);
      assert.ok((await line(ana, "Bo Lind used a word of yours").count()) > 0);
    });

    await react("bo", "👍");
    await see(line(ana, "Bo Lind reacted 👍"));
    await react("cleo", "🎉");
    await see(line(ana, "Cleo Marsh and Bo Lind reacted 🎉 👍").filter({ hasText: "my poster is done" }));
    await react("cleo", "🎉", "delete");
    await see(line(ana, "Bo Lind reacted 👍"));

    await bo.say(room.id, "nice work", { thread: mine.seq });
    await see(line(ana, "Bo Lind replied in a thread").filter({ hasText: "nice work" }));
    await count(line(cleo, "nice work"), 0);

    await filter(ana, "Reactions");
    await count(lines(ana), 1);
    await filter(ana, "Threads");
    await count(lines(ana), 1);
    await filter(ana, "Mentions");
    await eventually(async () =>
      assert.match((await lines(ana).allInnerTexts()).join(), /lunch[\s\S]*which ink/),
    );
    await bo.patch(`rooms/${room.id}/messages/${named.seq}`, { text: "@ana which paper?" });
    await see(line(ana, "which paper?"));
    await line(ana, "which paper?").getByRole("link").click();
    await see(log(ana).getByText(/which paper\?/));
    assert.match(ana.url(), new RegExp(`/r/${room.id}/${named.seq}$`));

    await ana.goto(`${home.url}/activity`);
    await see(line(ana, "which paper?"));
    await bo.delete(`rooms/${room.id}/messages/${named.seq}`);
    await count(line(ana, "which paper?"), 0);
  },
);

home.scene("the mark stands until I have looked, on all my devices", async () => {
  const ana = await home.page(home.people.ana, { path: `/r/${home.lobby.id}` });
  const other = await home.page(home.people.ana, { path: `/r/${home.lobby.id}` });
  for (const page of [ana, other]) {
    await see(composer(page));
    await link(page).click();
    await see(lines(page));
    await page.goBack();
    await see(composer(page));
    await eventually(async () => assert.doesNotMatch(await link(page).innerText(), /new/));
  }
  await home.people.bo.api.say(room.id, "@ana once more");
  for (const page of [ana, other]) await reads(link(page), /something new/);
  await link(ana).click();
  await see(line(ana, "once more"));
  for (const page of [ana, other])
    await eventually(async () => assert.doesNotMatch(await link(page).innerText(), /new/));
  // What came while nobody was here is marked when one comes.
  await ana.context().close();
  await other.context().close();
  await home.people.bo.api.say(room.id, "@ana while you were away");
  const later = await home.page(home.people.ana, { path: `/r/${home.lobby.id}` });
  await reads(link(later), /something new/);
});

home.scene("who is removed sees nothing of that room any more", async () => {
  const cleo = await opened(home.people.cleo);
  await see(line(cleo, "lunch"));
  await home.people.bo.api.delete(`rooms/${room.id}/members/${home.people.cleo.user.id}`);
  await count(line(cleo, "lunch"), 0);
  await cleo.reload();
  await see(cleo.getByText("Nothing yet"));
  await home.people.bo.api.post(`rooms/${room.id}/members`, { user: home.people.cleo.user.id });
});

home.scene("a name keeps its sign before it in a text that runs from right to left", async () => {
  await home.people.bo.api.say(room.id, "سلام @ana");
  const ana = await opened(home.people.ana);
  const text = line(ana, "سلام").locator(".text");
  await see(text);
  const [sign, letter] = await text.evaluate((node) => {
    const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const leftOf = (letter) => {
      for (walk.currentNode = node; walk.nextNode(); ) {
        const at = walk.currentNode.data.indexOf(letter);
        if (at < 0) continue;
        const range = new Range();
        range.setStart(walk.currentNode, at);
        range.setEnd(walk.currentNode, at + 1);
        return range.getBoundingClientRect().left;
      }
    };
    return [leftOf("@"), leftOf("n")];
  });
  assert.ok(sign < letter, `@ at ${sign}, n at ${letter}`);
});

home.scene("without an answer one is told, and tries again", async () => {
  const page = await home.page(home.people.ana, { path: `/r/${home.lobby.id}` });
  await see(composer(page));
  await page.route("**/api/v1/activity?*", (route) => route.fulfill({ status: 503, body: "" }));
  await link(page).click();
  await see(page.getByRole("button", { name: "Try again" }));
  await page.unroute("**/api/v1/activity?*");
  await press(page, "Try again");
  await see(lines(page));
  await gone(page.getByRole("button", { name: "Try again" }));
});

for (const colorScheme of ["light", "dark"]) {
  home.scene(`axe finds nothing in the list, ${colorScheme}`, async () => {
    const ana = await opened(home.people.ana, "/activity", { colorScheme });
    await see(lines(ana));
    await healthy(ana, "wide");
    await ana.setViewportSize({ width: 390, height: 800 });
    await healthy(ana, "phone");
  });
}
