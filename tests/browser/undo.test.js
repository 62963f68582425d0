import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import { composer, dialog, log, press, say, words } from "../support/screens.js";

const home = house();
home.prepare(() => home.person("bo", "Bo Lind"));

async function two(options) {
  const pages = [await home.page(home.people.ana, options), await home.page(home.people.bo, options)];
  await Promise.all(pages.map((page) => see(composer(page))));
  return pages;
}
const message = (page, text) => log(page).getByRole("article").filter({ hasText: text });

async function erase(page, text) {
  await message(page, text).focus();
  await page.keyboard.press("Delete");
  await gone(words(page, text));
}

home.scene("what is deleted goes at once, and can be had back while nobody else has lost it", async () => {
  const [ana, bo] = await two();
  await say(ana, "said too soon");
  await see(words(bo, "said too soon"));
  await erase(ana, "said too soon");
  await see(words(bo, "said too soon"));
  // By the keyboard: the line in its place is the next stop.
  await ana.keyboard.press("Tab");
  await ana.keyboard.press("Enter");
  await see(words(ana, "said too soon"));
  await erase(ana, "said too soon");
  await ana.keyboard.press("Control+z");
  await see(words(ana, "said too soon"));
  await count(words(bo, "said too soon"), 1);
  // At the end: it looks at all of the page, for longer than one may think about it on a slow machine.
  await erase(ana, "said too soon");
  await healthy(ana, "a deletion that can be undone");
});

home.scene("after five seconds it is gone for everybody", async () => {
  const [ana, bo] = await two();
  await say(ana, "gone in a moment");
  await see(words(bo, "gone in a moment"));
  await ana.clock.install();
  await erase(ana, "gone in a moment");
  await ana.clock.fastForward(4_000);
  await log(ana).getByRole("button", { name: "Undo the deletion" }).focus();
  await ana.clock.fastForward(1_500);
  await gone(words(bo, "gone in a moment"));
  await gone(log(ana).getByRole("button", { name: "Undo the deletion" }));
  await see(log(ana).getByText("Message deleted"));
  await eventually(async () =>
    assert.match(await ana.evaluate(() => document.activeElement.innerText), /^Message deleted/),
  );
});

home.scene("a page that is closed deletes at once", async () => {
  const [ana, bo] = await two();
  await say(ana, "left behind");
  await say(ana, "left behind as well");
  await see(words(bo, "left behind as well"));
  await ana.clock.install();
  await erase(ana, "left behind as well");
  await message(ana, "left behind").focus();
  await ana.keyboard.press("Delete");
  await see(words(bo, "left behind as well"));
  await ana.goto("about:blank");
  await gone(words(bo, "left behind"));
  await gone(words(bo, "left behind as well"));
});

home.scene("what another person said is asked about first", async () => {
  const [ana, bo] = await two();
  await say(bo, "not mine to say");
  await see(words(ana, "not mine to say"));
  await message(ana, "not mine to say").focus();
  await ana.keyboard.press("Delete");
  await press(dialog(ana, "Delete this message?"), "Keep");
  await see(words(ana, "not mine to say"));
  await ana.keyboard.press("Delete");
  await press(dialog(ana, "Delete this message?"), "Delete");
  await gone(words(bo, "not mine to say"));
});

home.scene("earlier versions are shown with what was changed, and a deletion leaves none", async () => {
  const [ana, bo] = await two();
  await say(ana, "the door is red and open");
  await see(words(bo, "the door is red and open"));
  await composer(ana).press("ArrowUp");
  const field = ana.getByRole("textbox", { name: "Edit" });
  await field.fill("the door is green and open");
  await field.press("Enter");
  await see(words(bo, "the door is green and open"));
  await message(bo, "the door is green").getByRole("button", { name: "(edited)" }).click();
  const history = dialog(bo, "Edit history");
  await eventually(async () => assert.equal(await history.locator("ins").innerText(), "green"));
  assert.equal(await history.locator("del").innerText(), "red");
  await see(history.getByText("the door is red and open"));
  await healthy(bo, "the history of a message");
  await erase(ana, "the door is green and open");
  await ana.goto("about:blank");
  await gone(history);
});

home.scene("where something was deleted is shown, or not, as one likes", async () => {
  const [ana] = await two();
  await say(ana, "leaves a line");
  const seq = await eventually(async () => {
    const it = await message(ana, "leaves a line").getAttribute("data-seq");
    assert.ok(it);
    return it;
  });
  await home.people.ana.api.delete(`rooms/${home.lobby.id}/messages/${seq}`);
  await see(log(ana).locator(`[data-seq="${seq}"]`).getByText("Message deleted"));
  await ana.goto("/settings/look");
  await ana.getByRole("switch", { name: "Show where something was deleted" }).uncheck();
  await ana.goto(`/r/${home.lobby.id}`);
  await see(composer(ana));
  await eventually(async () => assert.equal(await log(ana).getByText("Message deleted").count(), 0));
});
