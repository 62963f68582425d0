import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import { composerOf, log, row, words } from "../support/screens.js";

const home = house();
let room;
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  const { ana, bo } = home.people;
  room = await bo.api.post("rooms", { name: "Print room" });
  await ana.api.post(`rooms/${room.id}/members`);
  for (let i = 1; i <= 30; i += 1) await bo.api.say(room.id, `sheet ${i}`);
  const root = await bo.api.say(room.id, "which paper?");
  for (let i = 1; i <= 5; i += 1) await bo.api.say(room.id, `paper ${i}`, { thread: root.seq });
  for (let i = 31; i <= 60; i += 1) await bo.api.say(room.id, `sheet ${i}`);
  await bo.api.say(room.id, "the very last");
  await bo.api.say(room.id, "and its reply", { thread: (await bo.api.say(room.id, "hello")).seq });
});

const message = (page, text) => log(page).getByRole("article").filter({ hasText: text }).first();
const place = (page) => page.getByRole("region", { name: "Thread" });
const top = (locator) => locator.evaluate((it) => it.getBoundingClientRect().top);

home.scene("in place: chosen once, unfolded below its message, and nothing that is read moves", async () => {
  const { ana, bo } = home.people;
  const page = await home.page(ana, { path: "/settings/look" });
  await page.getByLabel("In place, below their message").check();
  await eventually(async () => assert.equal((await ana.api.get("me")).settings.threads, "place"));
  await page.goto(`${home.url}/r/${room.id}`);
  await see(composerOf(page, "Print room"));
  const other = message(page, "which paper?");
  await other.scrollIntoViewIfNeeded();
  const summary = other.getByRole("button", { name: /5 replies/ });
  await see(summary);
  const before = await top(other);
  await summary.click();
  // The last ones, and the way to all of them.
  await see(place(page).getByText("paper 5"));
  await count(place(page).getByRole("article"), 3);
  assert.ok(Math.abs((await top(other)) - before) < 2, "the message stays where it was");
  const shown = await top(place(page).getByText("paper 5"));
  await healthy(page, "a thread in place");
  await place(page).getByRole("button", { name: "Show all 5 replies" }).click();
  await count(place(page).getByRole("article"), 5);
  assert.ok(Math.abs((await top(other)) - before) < 2, "nor when all of it is shown");
  assert.ok((await top(place(page).getByText("paper 5"))) > shown);

  // A reply right there.
  await place(page).getByLabel("Reply in this thread").fill("the grey one");
  await place(page).getByLabel("Reply in this thread").press("Enter");
  await see(place(page).locator('[data-state="ink"]').getByText("the grey one"));
  await see(other.getByRole("button", { name: /6 replies/ }));
  await bo.api.say(room.id, "grey it is", {
    thread: Number(await other.getAttribute("data-seq")),
  });
  await see(place(page).getByText("grey it is"));
  await count(log(page).getByRole("article").filter({ hasText: "grey it is" }), 1);
  // Before the eyes it is read, and not earlier.
  await place(page).getByText("grey it is").scrollIntoViewIfNeeded();
  await eventually(async () => {
    const root = Number(await other.getAttribute("data-seq"));
    const { thread } = await ana.api.get(`rooms/${room.id}/messages/${root}/thread`);
    assert.equal(thread.unread, 0);
  });

  // Escape in it folds it, and so does its summary.
  await place(page).getByLabel("Reply in this thread").press("Escape");
  await gone(place(page));
  await summary.or(other.getByRole("button", { name: /7 replies/ })).click();
  await see(place(page));
});

home.scene("the last message of the room unfolds without going away from under the pointer", async () => {
  const { api } = home.people.ana;
  const { head } = await api.get(`rooms/${room.id}`);
  await api.put(`rooms/${room.id}/read`, { seq: head });
  const page = await home.page(home.people.ana, { path: `/r/${room.id}` });
  await see(words(page, "hello"));
  const last = message(page, "hello");
  const before = await top(last);
  await last.getByRole("button", { name: /1 reply/ }).click();
  await see(place(page).getByText("and its reply"));
  assert.ok(Math.abs((await top(last)) - before) < 2);
  assert.ok(await row(page, "Print room").count());
});
