import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { eventually, house, see } from "../support/house.js";
import { composer, log, row, sidebar } from "../support/screens.js";

const home = house();
let room;
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  const { ana, bo } = home.people;
  room = await bo.api.post("rooms", { name: "Print room" });
  await ana.api.post(`rooms/${room.id}/members`);
});

const why = (page, name) => sidebar(page).getByRole("button", { name, exact: true });
const marked = (page, text) => page.locator("article.marked").filter({ hasText: text });
const inSight = (locator) =>
  eventually(async () => {
    const { top, bottom } = await locator.evaluate((it) => it.getBoundingClientRect().toJSON());
    assert.ok(top >= 0 && bottom <= 800, `${top} to ${bottom}`);
  });

home.scene(
  "each count of a room leads to the message that causes it; the row itself works as before",
  async () => {
    const { ana, bo } = home.people;
    for (let i = 1; i <= 70; i += 1) await bo.api.say(room.id, `read ${i}`);
    await ana.api.post("me/read", {});
    for (let i = 1; i <= 90; i += 1) await bo.api.say(room.id, i === 60 ? "@ana sixty" : `new ${i}`);
    const page = await home.page(ana, { path: `/r/${home.lobby.id}` });
    await see(composer(page));
    await see(why(page, "Go to the first unread: Print room"));
    await healthy(page, "with counts in the sidebar");

    await why(page, "Go to the first mention: Print room").click();
    await see(marked(page, "@ana sixty"));
    await inSight(marked(page, "@ana sixty"));

    await ana.api.put(`rooms/${room.id}/read`, { seq: 72, unread: true });
    await page.goto(`${home.url}/r/${home.lobby.id}`);
    // Asked for before: what the page then shows counts as read.
    const { unread } = await ana.api.get(`rooms/${room.id}/why`);
    // By the keyboard as well.
    await why(page, "Go to the first unread: Print room").focus();
    await page.keyboard.press("Enter");
    await see(page.locator(`article.marked[data-seq="${unread}"]`));
    await see(log(page).getByText("New", { exact: true }));

    await bo.api.say(home.lobby.id, "over here");
    await row(page, "Lobby").click();
    await see(log(page).getByText("over here"));
    assert.equal(await page.locator("article.marked").count(), 0);
  },
);

home.scene("the count of the threads leads to the reply; none of it to a room that I left", async () => {
  const { ana, bo } = home.people;
  const root = await ana.api.say(room.id, "which ink?");
  await ana.api.post("me/read", {});
  await bo.api.say(room.id, "green", { thread: root.seq });
  await bo.api.say(room.id, "@ana or black", { thread: root.seq });
  const page = await home.page(ana, { path: `/r/${home.lobby.id}` });
  await see(composer(page));
  await why(page, "Go to the first mention: Threads").click();
  const panel = page.getByRole("complementary", { name: "Thread" });
  await see(panel.locator("article.marked").filter({ hasText: "@ana or black" }));
  await eventually(async () => assert.equal(await why(page, "Go to the first mention: Threads").count(), 0));

  await ana.api.delete(`rooms/${room.id}/members/me`);
  await bo.api.say(room.id, "green it is, @ana", { thread: root.seq });
  await eventually(async () => assert.equal(await row(page, "Print room").count(), 0));
  assert.equal(await why(page, /Threads/).count(), 0);
  for (const path of [`rooms/${room.id}/why`, `rooms/${room.id}/messages/${root.seq}/thread/why`])
    await assert.rejects(ana.api.get(path));
  const { threads } = await ana.api.get("threads");
  assert.deepEqual(threads, []);
});
