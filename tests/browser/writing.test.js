// Writing in Markdown without knowing its signs: keys, the bar, lists that go on, and what is pasted.
import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { count, eventually, house, see } from "../support/house.js";
import { button, composer, dialog, field, log, press } from "../support/screens.js";

const home = house();
home.prepare(() => home.person("bo", "Bo Lind"));

const value = (page, text) => eventually(async () => assert.equal(await composer(page).inputValue(), text));
const select = (page, from, to) =>
  composer(page).evaluate((it, [a, b]) => it.setSelectionRange(a, b), [from, to]);
const toolbar = (page) => page.getByRole("toolbar", { name: "Formatting" });

/** A page whose composer has all that helps one to write. */
async function writer() {
  const page = await home.page(home.people.ana);
  await see(composer(page));
  // Its code comes when the page is at rest: the bar shows that it is there.
  await press(page, "Formatting");
  await see(toolbar(page));
  await composer(page).focus();
  await eventually(async () => {
    await composer(page).fill("x");
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Control+b");
    assert.equal(await composer(page).inputValue(), "**x**");
  });
  await composer(page).fill("");
  return page;
}

/** Puts it on the clipboard as a program does, and pastes it. */
async function paste(page, plain, html, keys = "Control+v") {
  await page.evaluate(
    ([text, rich]) =>
      navigator.clipboard.write([
        new ClipboardItem({
          "text/plain": new Blob([text], { type: "text/plain" }),
          ...(rich && { "text/html": new Blob([rich], { type: "text/html" }) }),
        }),
      ]),
    [plain, html],
  );
  await page.keyboard.press(keys);
}

home.scene("a format is a toggle on what is selected, and undo takes it back", async () => {
  const ana = await writer();
  await composer(ana).pressSequentially("say this now");
  await select(ana, 4, 8);
  await ana.keyboard.press("Control+b");
  await value(ana, "say **this** now");
  await ana.keyboard.press("Control+i");
  await value(ana, "say ***this*** now");
  await ana.keyboard.press("Control+i");
  await ana.keyboard.press("Control+b");
  await value(ana, "say this now");
  await ana.keyboard.press("Control+Shift+x");
  await value(ana, "say ~~this~~ now");
  await ana.keyboard.press("Control+z");
  await value(ana, "say this now");
  await ana.keyboard.press("Control+k");
  await see(ana.getByRole("dialog"));
});

home.scene("the bar does the same, says what holds, and traps nobody", async () => {
  const ana = await writer();
  await composer(ana).pressSequentially("one");
  await select(ana, 0, 3);
  await press(toolbar(ana), "Bold");
  await value(ana, "**one**");
  await eventually(async () =>
    assert.equal(await button(toolbar(ana), "Bold").getAttribute("aria-pressed"), "true"),
  );
  assert.ok(await composer(ana).evaluate((it) => it === document.activeElement), "one writes on");
  await press(toolbar(ana), "List of tasks");
  await value(ana, "- [ ] **one**");
  await healthy(ana, "the bar");

  await button(toolbar(ana), "List of tasks").focus();
  await ana.keyboard.press("ArrowRight");
  assert.equal(await ana.evaluate(() => document.activeElement.ariaLabel), "Spoiler");
  await ana.keyboard.press("Tab");
  assert.equal(
    await ana.evaluate(() => document.activeElement.closest("[role=toolbar]")),
    null,
    "the bar is one stop",
  );
  await composer(ana).focus();
  await ana.keyboard.press("Tab");
  assert.ok(await composer(ana).evaluate((it) => it !== document.activeElement), "Tab goes on");

  // It is open the next time, too.
  await ana.reload();
  await see(toolbar(ana));
  await press(ana, "Formatting");
  await count(toolbar(ana), 0);
});

home.scene("Enter sends, but not half a block of code; with Shift a list goes on and ends", async () => {
  const ana = await writer();
  const bo = await home.page(home.people.bo);
  await see(composer(bo));
  await composer(ana).pressSequentially("- milk");
  await ana.keyboard.press("Shift+Enter");
  await ana.keyboard.type("bread");
  await value(ana, "- milk\n- bread");
  await ana.keyboard.press("Shift+Enter");
  await ana.keyboard.press("Shift+Enter");
  await value(ana, "- milk\n- bread\n");
  await ana.keyboard.press("Enter");
  await value(ana, "");
  await see(log(bo).getByRole("listitem").filter({ hasText: "bread" }));

  await composer(ana).pressSequentially("```js");
  await ana.keyboard.press("Enter");
  await ana.keyboard.type("  run();");
  await ana.keyboard.press("Enter");
  await ana.keyboard.type("```");
  await value(ana, "```js\n  run();\n  ```");
  await count(log(bo).getByText("run();"), 0);
  await ana.keyboard.press("Control+Enter");
  await value(ana, "");
  await see(log(bo).getByRole("group", { name: "Code in JavaScript" }));
});

home.scene(
  "an address over words is their link; rich text and tables are Markdown; plain is plain",
  async () => {
    const ana = await writer();
    await composer(ana).pressSequentially("see the docs");
    await select(ana, 4, 12);
    await paste(ana, "https://parlour.example/docs");
    await value(ana, "see [the docs](https://parlour.example/docs)");
    await ana.keyboard.press("Control+z");
    await value(ana, "see the docs");

    const rich =
      '<p>We <b>ship</b> on <a href="https://x.example/">Friday</a></p><ul><li>one</li><li>two</li></ul>';
    const plain = "We ship on Friday\n\none\ntwo";
    await composer(ana).fill("");
    await paste(ana, plain, rich);
    await value(ana, "We **ship** on [Friday](https://x.example/)\n\n- one\n- two");
    await composer(ana).fill("");
    await paste(ana, plain, rich, "Control+Shift+v");
    await value(ana, plain);

    await composer(ana).fill("");
    await paste(
      ana,
      "What\tCost\nTea\t35",
      "<table><tr><td>What</td><td>Cost</td></tr><tr><td>Tea</td><td>35</td></tr></table>",
    );
    await value(ana, "| What | Cost |\n| --- | ---: |\n| Tea | 35 |");
    await composer(ana).press("Enter");
    await see(log(ana).getByRole("cell", { name: "35" }));
  },
);

home.scene("a message under change is written in the same way", async () => {
  const ana = await writer();
  await composer(ana).fill("a word");
  await composer(ana).press("Enter");
  await value(ana, "");
  await ana.keyboard.press("ArrowUp");
  const field = ana.getByLabel("Edit", { exact: true }).and(ana.locator("textarea"));
  await see(field);
  await field.evaluate((it) => it.setSelectionRange(2, 6));
  await ana.keyboard.press("Control+b");
  await eventually(async () => assert.equal(await field.inputValue(), "a **word**"));
  await ana.keyboard.press("Enter");
  await see(log(ana).locator("strong", { hasText: "word" }));
});

home.scene("what was picked is undone, and what was typed before it", async () => {
  const ana = await home.page(home.people.ana);
  await see(composer(ana));
  // What was typed goes in one step or in several: the browser ends one where something of the page comes between.
  const undone = async (where, ...texts) => {
    for (const text of texts) {
      await eventually(async () => {
        await ana.keyboard.press("Control+z");
        assert.equal(await where.inputValue(), text);
      });
    }
  };
  await composer(ana).pressSequentially("typed words ");
  await press(ana, "Emoji");
  await field(dialog(ana, "Emoji"), "Find an emoji").fill("rocket");
  await see(ana.getByRole("option", { name: /rocket/i }));
  await ana.keyboard.press("Enter");
  await value(ana, "typed words 🚀");
  await ana.keyboard.type(" @bo");
  await see(ana.getByRole("option", { name: /Bo Lind/ }));
  await ana.keyboard.press("Tab");
  await value(ana, "typed words 🚀 @bo ");
  await undone(composer(ana), "typed words 🚀 @bo", "typed words 🚀", "typed words ", "");

  await composer(ana).fill("in change");
  await ana.keyboard.press("Enter");
  await value(ana, "");
  await ana.keyboard.press("ArrowUp");
  const edit = ana.getByLabel("Edit", { exact: true }).and(ana.locator("textarea"));
  await see(edit);
  await ana.keyboard.type(" @bo");
  await ana.getByRole("option", { name: /Bo Lind/ }).click();
  await eventually(async () => assert.equal(await edit.inputValue(), "in change @bo "));
  await undone(edit, "in change @bo", "in change");
});
