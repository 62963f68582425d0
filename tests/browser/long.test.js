import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import { button, composer, log, press, words } from "../support/screens.js";

const home = house();
const SAGA = `${"Once upon a time there was a very long line.\n".repeat(60)}See https://example.org/end`;
const room = () => `/r/${home.lobby.id}`;
const saga = (page) => log(page).getByRole("article").filter({ hasText: "Once upon" });
const height = (page) => saga(page).evaluate((it) => it.clientHeight);
/** Whether what a screen shows of it begins with its beginning. */
const fromItsTop = (page) =>
  saga(page).evaluate((it) => {
    const box = it.closest("[role=log]").getBoundingClientRect();
    const { top } = it.getBoundingClientRect();
    return top >= box.top - 1 && top < box.bottom;
  });

home.scene("a long message shows its beginning, all of it when asked, and its beginning again", async () => {
  await home.people.ana.api.say(home.lobby.id, SAGA);
  await home.people.ana.api.say(home.lobby.id, "short, and after it");
  const ana = await home.page(home.people.ana, { path: room() });
  await see(button(ana, "Show all"));
  const folded = await height(ana);
  assert.ok(folded < 600, `${folded} px high`);
  await see(words(ana, "short, and after it"));
  await healthy(ana, "a long message");

  await press(ana, "Show all");
  await see(button(ana, "Show less"));
  assert.ok((await height(ana)) > 1200, "all of it stands there");
  assert.ok(await fromItsTop(ana), "where one began to read is where it was");

  await press(ana, "Show less");
  await see(button(ana, "Show all"));
  assert.equal(await height(ana), folded);
  await eventually(async () => assert.ok(await fromItsTop(ana), "its beginning is on the screen"));
});

home.scene("a key that reaches what is hidden of a long message shows it", async () => {
  const ana = await home.page(home.people.ana, { path: room() });
  await see(button(ana, "Show all"));
  await saga(ana).getByRole("link").focus();
  await see(button(ana, "Show less"));
});

home.scene("one that I write is folded at once, and stays as high when it arrives", async () => {
  const ana = await home.page(home.people.ana, { path: room() });
  await see(composer(ana));
  await count(button(ana, "Show all"), 1);
  await composer(ana).fill(SAGA.replaceAll("Once upon", "Twice upon"));
  await composer(ana).press("Enter");
  await count(button(ana, "Show all"), 2);
  await gone(ana.locator('[data-state="pencil"]'));
  await count(button(ana, "Show all"), 2);
});

home.scene("what is hardly higher than that stands there whole", async () => {
  await home.people.ana.api.say(home.lobby.id, "a line and another line\n".repeat(20));
  const ana = await home.page(home.people.ana, { path: room() });
  await see(words(ana, /another line/));
  await count(button(ana, "Show all"), 2);
});
