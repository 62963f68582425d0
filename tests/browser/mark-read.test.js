import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { eventually, gone, house, see } from "../support/house.js";
import { composer, composerOf, row, sidebar, words } from "../support/screens.js";

const home = house();
let room;
let root;
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  await home.person("cleo", "Cleo Marsh");
  const { ana, bo, cleo } = home.people;
  room = await bo.api.post("rooms", { name: "Print room" });
  for (const person of [ana, cleo]) await person.api.post(`rooms/${room.id}/members`);
  root = await ana.api.say(room.id, "grey or white?");
});

const reads = (locator, pattern) => eventually(async () => assert.match(await locator.innerText(), pattern));
const quiet = (locator) =>
  eventually(async () => assert.doesNotMatch(await locator.innerText(), /unread|mention/));
const entry = (page) => sidebar(page).getByRole("link", { name: /^Threads/ });

async function devices(person) {
  const pages = [];
  for (let i = 0; i < 2; i += 1) pages.push(await home.page(person, { path: `/r/${home.lobby.id}` }));
  for (const page of pages) await see(composer(page));
  return pages;
}

home.scene("all is read at once on every device, and unread again when it is undone", async () => {
  const { ana, bo, cleo } = home.people;
  const [desk, phone] = await devices(ana);
  const other = await home.page(cleo, { path: `/r/${home.lobby.id}` });
  await see(composer(other));
  await bo.api.say(room.id, "the press is warm");
  await bo.api.say(room.id, "@ana shall we?");
  await bo.api.say(room.id, "white", { thread: root.seq });
  for (const page of [desk, phone]) {
    await reads(row(page, "Print room"), /1 mention, 2 unread/);
    await reads(entry(page), /1 unread thread/);
    await eventually(async () => assert.match(await page.title(), /^\(1\)/));
  }
  await desk.keyboard.press("Shift+Escape");
  await see(desk.getByText("Everything is marked as read"));
  await healthy(desk, "with the notice");
  for (const page of [desk, phone]) {
    await quiet(row(page, "Print room"));
    await quiet(entry(page));
    await eventually(async () => assert.doesNotMatch(await page.title(), /^[•(]/));
  }
  // Nobody else's places moved.
  await reads(row(other, "Print room"), /3 unread|2 unread/);

  await desk.getByRole("button", { name: "Undo" }).click();
  for (const page of [desk, phone]) {
    await reads(row(page, "Print room"), /1 mention, 2 unread/);
    await reads(entry(page), /1 unread thread/);
  }
  await phone.reload();
  await reads(row(phone, "Print room"), /1 mention, 2 unread/);
  await reads(entry(phone), /1 unread thread/);
});

home.scene("from the menu, while more comes; what is on the screen stays unread when it is undone", async () => {
  const { ana, bo } = home.people;
  const [desk, phone] = await devices(ana);
  await bo.api.say(home.lobby.id, "good morning");
  await see(words(desk, "good morning"));
  // On the screen, and then said to be unread again.
  await ana.api.put(`rooms/${home.lobby.id}/read`, { seq: 1, unread: true });
  await desk.goto(`${home.url}/threads`);
  await phone.goto(`${home.url}/threads`);
  await reads(row(desk, "Lobby"), /unread/);
  await sidebar(desk).getByRole("heading", { level: 1 }).getByRole("button").click();
  await desk.getByRole("menuitem", { name: "Mark all as read" }).click();
  for (const page of [desk, phone]) await quiet(row(page, "Lobby"));
  await bo.api.say(room.id, "one more after that");
  for (const page of [desk, phone]) await reads(row(page, "Print room"), /1 unread/);
  await sidebar(desk).getByRole("link", { name: /^Lobby/ }).click();
  await see(composerOf(desk, "Lobby"));
  await desk.getByRole("button", { name: "Undo" }).click();
  for (const page of [desk, phone]) await reads(row(page, "Lobby"), /unread/);
  await gone(desk.getByText("Everything is marked as read"));
});
