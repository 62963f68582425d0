import assert from "node:assert/strict";
import { count, eventually, gone, house, see } from "../support/house.js";
import { line } from "../support/line.js";
import { composer, composerOf, enter, log, say, words } from "../support/screens.js";

const home = house();
home.prepare(() => home.person("bo", "Bo Lind"));

const field = (page) => log(page).getByRole("textbox", { name: "Edit" });
const holds = (page, text) => eventually(async () => assert.equal(await field(page).inputValue(), text));
const focused = (page) =>
  eventually(async () => assert.ok(await field(page).evaluate((node) => node === document.activeElement)));

async function room(name) {
  const made = await home.people.ana.api.post("rooms", { name });
  await home.people.bo.api.post(`rooms/${made.id}/members`);
  return made.id;
}
async function talk(id, n) {
  for (let said = 0; said < n; said += 50)
    await Promise.all(
      Array.from({ length: Math.min(50, n - said) }, (_, i) =>
        home.people.bo.api.say(id, `bo ${said + i + 1}`),
      ),
    );
}
/** Ana changes what she said last, and is not done with it. */
async function changing(page, id, text = "half of a new text") {
  await page.goto(`/r/${id}`);
  await say(page, "as it was");
  await see(log(page).locator('[data-state="ink"]').filter({ hasText: "as it was" }));
  await composer(page).press("ArrowUp");
  await focused(page);
  await field(page).fill(text);
}

home.scene("who changes a message at the end keeps it before their eyes, however much is said", async () => {
  const id = await room("Busy");
  const ana = await home.page(home.people.ana, { path: null });
  await talk(id, 40);
  await changing(ana, id);
  const { y } = await field(ana).boundingBox();
  await talk(id, 1);
  await see(ana.getByRole("button", { name: "To the newest" }));
  assert.ok(Math.abs((await field(ana).boundingBox()).y - y) < 2, "one message moves nothing");
  await talk(id, 349);
  await see(ana.getByRole("button", { name: /349 new messages/ }));
  assert.ok(Math.abs((await field(ana).boundingBox()).y - y) < 2, "nor do many");
  await holds(ana, "half of a new text");
  await focused(ana);
  await ana.keyboard.press("Enter");
  await see(words(ana, "half of a new text"));
});

home.scene("a change that is done leaves a log that was at its end there", async () => {
  const id = await room("Calm");
  const ana = await home.page(home.people.ana, { path: null });
  await changing(ana, id);
  await home.people.bo.api.say(id, "said meanwhile");
  await see(words(ana, "said meanwhile"));
  await field(ana).fill("# a title\n\n# another\n\n# a third");
  await ana.keyboard.press("Enter");
  await see(log(ana).getByRole("heading", { name: "a third" }));
  await talk(id, 40);
  await home.people.bo.api.say(id, "said next");
  await eventually(async () => {
    const [box, row] = await Promise.all([log(ana).boundingBox(), words(ana, "said next").boundingBox()]);
    assert.ok(row.y + row.height < box.y + box.height, "it is seen");
  });
});

home.scene("a change is found again after a gap that the log is loaded anew for", async () => {
  const id = await room("Far");
  const ana = await home.page(home.people.ana, { path: null });
  const wire = await line(ana.context());
  await changing(ana, id);
  await wire.cut();
  await talk(id, 520);
  await wire.mend();
  await see(ana.getByRole("button", { name: /To the newest|new messages/ }));
  await holds(ana, "half of a new text");
  await focused(ana);
  await ana.keyboard.press("End");
  await ana.keyboard.type(", now whole");
  await ana.keyboard.press("Enter");
  await see(words(ana, "half of a new text, now whole"));
});

home.scene("a change waits while one looks into another room, without taking the cursor", async () => {
  const id = await room("Left");
  const ana = await home.page(home.people.ana, { path: null });
  await changing(ana, id);
  await enter(ana, "Lobby");
  await count(field(ana), 0);
  await enter(ana, "Left");
  await holds(ana, "half of a new text");
  await eventually(async () =>
    assert.ok(await composerOf(ana, "Left").evaluate((node) => node === document.activeElement)),
  );
  await composer(ana).press("ArrowUp");
  await focused(ana);
  await ana.keyboard.press("Escape");
  await see(words(ana, "as it was"));
  // Cancelled is cancelled.
  await composer(ana).press("ArrowUp");
  await holds(ana, "as it was");
});

home.scene("Up leads back to a change that has left the window", async () => {
  const id = await room("Long");
  const ana = await home.page(home.people.ana, { path: null });
  await changing(ana, id);
  await composer(ana).focus();
  await talk(id, 400);
  // Whether the log went along with so many or not.
  const pill = ana.getByRole("button", { name: /To the newest|new message/ });
  await eventually(async () => {
    if (await pill.isVisible()) await pill.click();
    assert.ok(await words(ana, "bo 400").isVisible());
  });
  await gone(field(ana));
  await composer(ana).press("ArrowUp");
  await holds(ana, "half of a new text");
  await focused(ana);
});
