import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import { button, composer, dialog, log, press, say, words } from "../support/screens.js";

const home = house();
home.prepare(() => home.person("bo", "Bo Lind"));
const message = (page, text) => log(page).getByRole("article").filter({ hasText: text });
const chosen = (page, n) => page.getByRole("toolbar").getByText(`${n} selected`);

async function two() {
  const pages = await Promise.all([home.page(home.people.ana), home.page(home.people.bo)]);
  await Promise.all(pages.map((page) => see(composer(page))));
  return pages;
}

home.scene(
  "several are selected by keys and by Shift, copied in their order, and Escape ends it",
  async () => {
    const [ana, bo] = await two();
    for (const text of ["one potato", "two potato", "three potato", "four"]) await say(ana, text);
    await see(words(bo, "four"));
    await message(bo, "two potato").focus();
    await bo.keyboard.press("Shift+X");
    await see(chosen(bo, 1));
    await bo.keyboard.press("Shift+ArrowDown");
    await see(chosen(bo, 2));
    await bo.keyboard.press("Space");
    await see(chosen(bo, 1));
    await message(bo, "one potato").click();
    await message(bo, "four").click({ modifiers: ["Shift"] });
    await see(chosen(bo, 4));
    await healthy(bo, "selecting");
    await press(bo, "Copy as text");
    const text = await eventually(async () => {
      const copied = await bo.evaluate(() => navigator.clipboard.readText());
      assert.match(copied, /potato/);
      return copied;
    });
    assert.deepEqual(text.match(/one potato|two potato|three potato|four/g), [
      "one potato",
      "two potato",
      "three potato",
      "four",
    ]);
    assert.match(text, /^Ana Ferreira, Today, /);
    await see(composer(bo));
    await message(bo, "four").focus();
    await bo.keyboard.press("x");
    await see(chosen(bo, 1));
    await bo.keyboard.press("Escape");
    await see(composer(bo));
    await count(bo.getByRole("toolbar", { name: "Selected messages" }), 0);
  },
);

home.scene("several go at once and come back at once; others' only by right", async () => {
  const [ana, bo] = await two();
  await say(bo, "first of mine");
  await say(bo, "second of mine");
  await say(ana, "one of hers");
  await see(words(bo, "one of hers"));
  await message(bo, "first of mine").focus();
  await bo.keyboard.press("x");
  await message(bo, "one of hers").click();
  await see(chosen(bo, 2));
  assert.ok(await button(bo, "Delete").isDisabled());
  await message(bo, "one of hers").click();
  await message(bo, "second of mine").click();
  await press(bo, "Delete");
  await gone(words(bo, "first of mine"));
  await gone(words(bo, "second of mine"));
  await see(words(ana, "first of mine"));
  await button(bo, "Undo the deletion of 2 messages").first().click();
  await see(words(bo, "first of mine"));
  await see(words(bo, "second of mine"));

  // The owner of the room may, and is asked.
  await message(ana, "first of mine").focus();
  await ana.keyboard.press("x");
  await message(ana, "one of hers").click();
  await press(ana, "Delete");
  await press(dialog(ana, "Delete 2 messages?"), "Delete");
  await gone(words(ana, "one of hers"));
  await ana.goto("about:blank");
  await gone(words(bo, "first of mine"));
  await gone(words(bo, "one of hers"));
  await see(words(bo, "second of mine"));
});

home.scene("several are forwarded in their order, and saved", async () => {
  const { ana } = home.people;
  const room = await ana.api.post("rooms", { name: "Shed" });
  const page = await home.page(ana, { path: `/r/${home.lobby.id}` });
  await see(composer(page));
  for (const text of ["alpha", "beta", "gamma"]) await say(page, text);
  await see(message(page, "gamma").locator("xpath=self::*[@data-seq]"));
  await message(page, "alpha").focus();
  await page.keyboard.press("x");
  await message(page, "gamma").click({ modifiers: ["Shift"] });
  await see(chosen(page, 3));
  await press(page.getByRole("toolbar", { name: "Selected messages" }), "Forward");
  const box = dialog(page, "Forward 3 messages");
  await box.getByRole("combobox").fill("shed");
  await see(box.getByRole("option", { name: "Shed" }));
  await box.getByRole("combobox").press("Enter");
  await press(box, "Forward");
  await gone(box);
  const { messages } = await ana.api.get(`rooms/${room.id}/messages`);
  assert.deepEqual(
    messages.filter(({ forwarded }) => forwarded).map(({ text }) => text),
    ["alpha", "beta", "gamma"],
  );
  await message(page, "alpha").focus();
  await page.keyboard.press("x");
  await message(page, "beta").click();
  await press(page, "Save for me");
  await see(message(page, "beta").getByText("Saved for me", { exact: true }));
  await eventually(async () => assert.equal((await ana.api.get("saved")).saved.length, 2));
});
