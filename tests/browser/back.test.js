// The browser's way back, and what lies over a page.
import assert from "node:assert/strict";
import { count, eventually, gone, house, see } from "../support/house.js";
import { composerOf, dialog, enter, field, log, press, row, words } from "../support/screens.js";

const home = house();
let quiet;
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  const { ana, bo } = home.people;
  quiet = await ana.api.post("rooms", { name: "Quiet room" });
  await bo.api.post(`rooms/${quiet.id}/members`);
  const { seq } = await ana.api.say(home.lobby.id, "who has the key?");
  await ana.api.say(home.lobby.id, "under the mat", { thread: seq });
});

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const people = (page) => page.getByRole("complementary", { name: "People" });
const thread = (page) => page.getByRole("complementary", { name: "Thread" });
const at = (page, path) => eventually(() => assert.equal(new URL(page.url()).pathname, path));
const lobby = () => `/r/${home.lobby.id}`;

home.scene("on a phone Back closes what lies over the room, then leaves the room", async () => {
  const page = await home.page(home.people.bo, phone);
  await enter(page, "Lobby");
  await see(words(page, "who has the key?"));

  await press(page, /^1 reply/);
  await see(thread(page).getByText("under the mat"));
  await page.goBack();
  await gone(thread(page));
  await at(page, lobby());

  // A dialog over a panel over the room.
  await press(page, /^People: /);
  await see(people(page));
  await people(page).getByRole("button", { name: "Add people" }).click();
  await see(dialog(page, /^Add people/));
  await page.goBack();
  await count(page.getByRole("dialog"), 0);
  await see(people(page).getByRole("heading"));
  await page.goBack();
  await gone(people(page));
  await at(page, lobby());
  await see(words(page, "who has the key?"));
  await page.goBack();
  await see(row(page, "Quiet room"));
  await at(page, "/");

  // Another room does not begin with what lay over the one before.
  await enter(page, "Quiet room");
  await gone(people(page));
});

home.scene("what was closed by its own button is no step any more", async () => {
  const page = await home.page(home.people.bo, phone);
  await enter(page, "Lobby");
  await press(page, /^People: /);
  await people(page).getByRole("button", { name: "Add people" }).click();
  await press(dialog(page, /^Add people/), "Close");
  await people(page).getByRole("button", { name: "Close" }).click();
  await gone(people(page));
  await press(page, /^People: /);
  await people(page).getByRole("button", { name: "Close" }).click();
  await gone(people(page));
  await page.goBack();
  await at(page, "/");
  await see(row(page, "Lobby"));
});

home.scene("a room that is opened from over another one leaves the way back to that", async () => {
  const page = await home.page(home.people.bo, { ...phone, viewport: { width: 900, height: 844 } });
  await enter(page, "Lobby");
  await press(page, /^People: /);
  await see(people(page).getByRole("heading"));
  await enter(page, "Quiet room");
  await gone(people(page));
  await page.goBack();
  await at(page, lobby());
  await see(log(page).getByText("who has the key?"));
  await gone(people(page));
  await page.goForward();
  await see(composerOf(page, "Quiet room"));
  await at(page, `/r/${quiet.id}`);
});

home.scene("in a wide window Back closes a dialog, and leaves a panel beside the room alone", async () => {
  const page = await home.page(home.people.bo, { path: lobby() });
  await see(composerOf(page, "Lobby"));
  await enter(page, "Quiet room");
  await press(page, /^People: /);
  await see(people(page));
  await page.goBack();
  await see(composerOf(page, "Lobby"));
  await see(people(page));
  await page.goForward();
  await see(composerOf(page, "Quiet room"));

  await press(page, "Make or find a room");
  await page.getByRole("menuitem", { name: "New room" }).click();
  await see(dialog(page, "New room"));
  await page.goBack();
  await count(page.getByRole("dialog"), 0);
  await at(page, `/r/${quiet.id}`);

  await press(page, "Make or find a room");
  await page.getByRole("menuitem", { name: "New room" }).click();
  await field(dialog(page, "New room"), "Name").fill("Loud room");
  await press(dialog(page, "New room"), "Make the room");
  await see(composerOf(page, "Loud room"));
  await page.goBack();
  await see(composerOf(page, "Quiet room"));
  await page.goForward();
  await see(composerOf(page, "Loud room"));
});
