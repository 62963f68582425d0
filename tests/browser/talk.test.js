import assert from "node:assert/strict";
import { count, eventually, gone, house, see } from "../support/house.js";
import { line } from "../support/line.js";
import { button, composer, field, log, press, say, words } from "../support/screens.js";

const home = house();
home.prepare(() => home.person("bo", "Bo Lind"));

/** Opens the tools of a message, as by hover, and picks one. */
export async function act(page, text, name) {
  await words(page, text).hover();
  const message = log(page).getByRole("article").filter({ hasText: text });
  await message.getByRole("button", { name: "Message actions" }).click();
  await page.getByRole("menuitem", { name }).click();
}

async function two() {
  const pages = await Promise.all([home.page(home.people.ana), home.page(home.people.bo)]);
  await Promise.all(pages.map((page) => see(composer(page))));
  return pages;
}

home.scene("a message is pending at once, then sent, and others see it", async () => {
  const bo = await home.page(home.people.bo);
  const ana = await home.page(home.people.ana, { path: null });
  const wire = await line(ana.context());
  await ana.goto(home.url);
  await see(composer(ana));
  await say(ana, "before");
  await eventually(async () => assert.ok((await words(bo, "before").count()) === 1));

  wire.hold();
  await say(ana, "written in pencil");
  // The other sees it, while its writer was not told yet that it arrived.
  await see(words(bo, "written in pencil"));
  await see(ana.getByText("Sending", { exact: true }));
  wire.release();
  await gone(ana.getByText("Sending", { exact: true }));
  await count(words(ana, "written in pencil"), 1);
  await count(words(bo, "written in pencil"), 1);
});

home.scene("two people talk; bubbles are grouped, days and times are told", async () => {
  const [ana, bo] = await two();
  await say(ana, "one");
  await say(ana, "two");
  await say(bo, "three");
  await say(bo, "four");
  for (const text of ["one", "two", "three", "four"]) {
    await see(words(ana, text));
    await see(words(bo, text));
  }
  // The name stands once over a group, and in one's own screen not at all.
  await count(log(ana).getByText("Bo Lind", { exact: true }), 1);
  await see(log(ana).getByText("Today", { exact: true }));

  await words(ana, "three").hover();
  const time = log(ana).getByRole("article").filter({ hasText: "three" }).locator("time").first();
  assert.match(await time.getAttribute("datetime"), /^\d{4}-\d\d-\d\dT/);
});

home.scene("Enter sends, Shift-Enter breaks the line, a draft survives a reload", async () => {
  const [ana, bo] = await two();
  const box = composer(ana);
  await box.click();
  await ana.keyboard.type("a first line");
  const low = (await box.boundingBox()).height;
  await ana.keyboard.press("Shift+Enter");
  await ana.keyboard.type("and a second");
  await eventually(async () => assert.ok((await box.boundingBox()).height > low, "the composer grows"));
  await ana.keyboard.press("Enter");
  await see(bo.getByRole("log").getByText(/a first line\s+and a second/));
  assert.equal(await box.inputValue(), "");

  await box.fill("not finished yet");
  await eventually(async () => {
    const { rooms } = await home.people.ana.api.get("rooms");
    assert.equal(rooms.find(({ id }) => id === home.lobby.id).draft, "not finished yet");
  });
  await ana.reload();
  await eventually(async () => assert.equal(await composer(ana).inputValue(), "not finished yet"));
  // And it waits on her other devices.
  const phone = await home.page(home.people.ana);
  await eventually(async () => assert.equal(await composer(phone).inputValue(), "not finished yet"));
  await composer(ana).fill("");
});

home.scene("Up edits the last message, Escape does not", async () => {
  const [ana, bo] = await two();
  await say(ana, "helo there");
  await see(words(bo, "helo there"));
  await composer(ana).press("ArrowUp");
  const edit = ana.getByRole("textbox", { name: "Edit" });
  await eventually(async () => assert.equal(await edit.inputValue(), "helo there"));
  await edit.fill("nothing at all");
  await edit.press("Escape");
  await see(words(ana, "helo there"));

  await composer(ana).press("ArrowUp");
  await edit.fill("hello there");
  await edit.press("Enter");
  for (const page of [ana, bo]) {
    await see(words(page, "hello there"));
    await gone(words(page, "helo there"));
    await see(log(page).getByText("edited"));
  }
});

home.scene("Up changes what was said last, also while it is on its way", async () => {
  const ana = await home.page(home.people.ana, { path: null });
  const wire = await line(ana.context());
  await ana.goto(home.url);
  await see(composer(ana));
  await say(ana, "said long before");
  // Arrived: a line that was not there yet would not be held, but missing.
  await see(log(ana).locator('[data-state="ink"]').filter({ hasText: "said long before" }));
  wire.hold();
  await say(ana, "only just sadi");
  await composer(ana).press("ArrowUp");
  await see(ana.getByText("Sending", { exact: true }));
  const edit = ana.getByRole("textbox", { name: "Edit" });
  assert.equal(await edit.count(), 0);
  wire.release();
  await eventually(async () => assert.equal(await edit.inputValue(), "only just sadi"));
  await edit.fill("only just said");
  await edit.press("Enter");
  await see(words(ana, "only just said"));
  await see(words(ana, "said long before"));
});

home.scene("one's own message can be deleted, others' cannot", async () => {
  const [ana, bo] = await two();
  await say(bo, "a secret slipped out");
  await say(ana, "what a pity");
  await see(words(bo, "what a pity"));

  await act(bo, "a secret slipped out", "Delete");
  await press(bo, "Undo the deletion");
  await see(words(bo, "a secret slipped out"));
  await act(bo, "a secret slipped out", "Delete");
  for (const page of [ana, bo]) {
    await gone(words(page, "a secret slipped out"));
    await see(log(page).getByText("Message deleted"));
  }
  await words(bo, "what a pity").hover();
  await log(bo)
    .getByRole("article")
    .filter({ hasText: "what a pity" })
    .getByRole("button", { name: "Message actions" })
    .click();
  await see(bo.getByRole("menuitem", { name: "Copy link" }));
  assert.equal(await bo.getByRole("menuitem", { name: "Delete" }).count(), 0);
});

home.scene("a link to a message is copied and leads there", async () => {
  const [ana, bo] = await two();
  await say(ana, "look at this one");
  await act(ana, "look at this one", "Copy link");
  const link = await eventually(async () => {
    const text = await ana.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /\/r\/\d+\/\d+$/);
    return text;
  });
  await bo.goto(link);
  await see(words(bo, "look at this one"));
});

home.scene("what people write is text and stays text", async () => {
  const [ana, bo] = await two();
  const hostile = '<img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script>';
  await say(ana, hostile);
  await see(words(bo, hostile));
  for (const page of [ana, bo]) assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
  assert.equal(await button(ana, "Send").count(), 1);
  assert.equal(await field(ana, "nothing of that name").count(), 0);
});
