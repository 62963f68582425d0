import assert from "node:assert/strict";
import { eventually, gone, house, see } from "../support/house.js";
import { composer, enter, log, row, say, words } from "../support/screens.js";

const home = house();
let room;
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  room = await home.people.bo.api.post("rooms", { name: "Print room" });
  await home.people.ana.api.post(`rooms/${room.id}/members`);
});

const counts = (page, name, pattern) =>
  eventually(async () => assert.match(await row(page, name).innerText(), pattern));
const quiet = (page, name) =>
  eventually(async () => assert.doesNotMatch(await row(page, name).innerText(), /unread|mention/));

async function twoDevices() {
  const desk = await home.page(home.people.ana, {
    path: `/r/${home.lobby.id}`,
  });
  const phone = await home.page(home.people.ana, {
    path: `/r/${home.lobby.id}`,
  });
  await see(composer(desk));
  await see(composer(phone));
  return [desk, phone];
}

home.scene(
  "unread and mentions are counted apart, alike on every device, and right after a reload",
  async () => {
    const [desk, phone] = await twoDevices();
    const bo = home.people.bo.api;
    await bo.say(room.id, "the press is warm");
    const called = await bo.say(room.id, "@ana shall we?");
    await bo.say(room.id, "write to ana@example.org");
    for (const page of [desk, phone]) {
      await counts(page, "Print room", /1 mention, 3 unread/);
      assert.match(await page.title(), /1/);
    }
    await desk.reload();
    await counts(desk, "Print room", /1 mention, 3 unread/);

    // An edit takes the mention away, a deletion the message.
    await bo.patch(`rooms/${room.id}/messages/${called.seq}`, {
      text: "shall we?",
    });
    for (const page of [desk, phone]) await counts(page, "Print room", /^(?!.*mention)[\s\S]*3 unread/);
    await bo.delete(`rooms/${room.id}/messages/${called.seq}`);
    for (const page of [desk, phone]) await counts(page, "Print room", /2 unread/);

    // Reading on the one clears the other.
    await enter(desk, "Print room");
    await see(log(desk).getByText("New", { exact: true }));
    for (const page of [desk, phone]) await quiet(page, "Print room");
    await desk.reload();
    await see(words(desk, "the press is warm"));
    await quiet(desk, "Print room");
  },
);

home.scene("mark as unread from here holds on both devices", async () => {
  const [desk, phone] = await twoDevices();
  const bo = home.people.bo.api;
  await bo.say(room.id, "first of three");
  await bo.say(room.id, "second of three");
  await bo.say(room.id, "third of three");
  await enter(desk, "Print room");
  await see(words(desk, "third of three"));
  for (const page of [desk, phone]) await quiet(page, "Print room");

  await words(desk, "second of three").hover();
  await log(desk)
    .getByRole("article")
    .filter({ hasText: "second of three" })
    .getByRole("button", { name: "Message actions" })
    .click();
  await desk.getByRole("menuitem", { name: "Mark as unread from here" }).click();
  for (const page of [desk, phone]) await counts(page, "Print room", /2 unread/);
  await phone.reload();
  await counts(phone, "Print room", /2 unread/);
  await enter(phone, "Print room");
  for (const page of [desk, phone]) await quiet(page, "Print room");
});

home.scene("what I write I have read, and a room that I leave counts no more", async () => {
  const [desk, phone] = await twoDevices();
  const bo = home.people.bo.api;
  await bo.say(room.id, "somebody there?");
  await counts(phone, "Print room", /1 unread/);
  await enter(desk, "Print room");
  await say(desk, "yes, here");
  for (const page of [desk, phone]) await quiet(page, "Print room");

  await enter(desk, "Lobby");
  await bo.say(room.id, "good");
  await counts(phone, "Print room", /1 unread/);
  await home.people.ana.api.delete(`rooms/${room.id}/members/me`);
  for (const page of [desk, phone]) await gone(row(page, "Print room"));
  for (const page of [desk, phone])
    await eventually(async () => assert.doesNotMatch(await page.title(), /\d/));
});

home.scene("the line New begins where I looked away last", async () => {
  const { ana, bo } = home.people;
  const talk = await bo.api.post("rooms", { name: "Night desk" });
  await ana.api.post(`rooms/${talk.id}/members`);
  const page = await home.page(ana, { path: `/r/${talk.id}` });
  await see(composer(page));
  const line = log(page).locator('[data-key="new"]');
  /** What stands below the line. */
  const news = () => line.evaluate((it) => it.nextElementSibling.innerText);

  await bo.api.say(talk.id, "said to my face");
  await see(words(page, "said to my face"));
  assert.equal(await line.count(), 0, "what comes before my eyes is nothing that I missed");

  for (const time of ["first", "second"]) {
    await page.evaluate(() => globalThis.__hide(true));
    for (let n = 1; n <= 30; n += 1) await bo.api.say(talk.id, `${time} absence ${n}`);
    await see(words(page, `${time} absence 30`));
    await page.evaluate(() => globalThis.__hide(false));
    await eventually(async () => assert.match(await news(), new RegExp(`${time} absence 1$`)));
    await quiet(page, "Night desk");
    await page.getByRole("button", { name: "30 unread" }).click();
    await see(line);
    await gone(page.getByRole("button", { name: "30 unread" }));
    await page.getByRole("button", { name: "To the newest" }).click();
  }
});

home.scene("a room that opens at its first unread has read what the screen shows, and no more", async () => {
  const { ana, bo } = home.people;
  const talk = await bo.api.post("rooms", { name: "Long read" });
  await ana.api.post(`rooms/${talk.id}/members`);
  for (let n = 1; n <= 25; n += 1) await bo.api.say(talk.id, `page ${n}. ${"So it goes on. ".repeat(30)}`);
  const page = await home.page(ana, { path: `/r/${talk.id}` });
  await see(log(page).getByText("New", { exact: true }));
  await see(log(page).getByText(/^page 1\./));
  // The newest whose end can be seen.
  const seen = () =>
    log(page).evaluate((box) => {
      const end = box.getBoundingClientRect().bottom;
      const rows = [...box.querySelectorAll("[data-said]")];
      return Number(rows.findLast((row) => row.getBoundingClientRect().bottom <= end + 1).dataset.seq);
    });
  const mine = async () => (await ana.api.get("rooms")).rooms.find(({ id }) => id === talk.id);
  await eventually(async () => assert.equal((await mine()).read, await seen()));
  assert.ok((await mine()).unread > 10, "the rest is still to be read");
});
