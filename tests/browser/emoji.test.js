import assert from "node:assert/strict";
import { eventually, gone, house, reads, see } from "../support/house.js";
import { composer, dialog, field, log, press, say, words } from "../support/screens.js";

const home = house();

home.scene("a picker with search, skin tones and recent ones, served by ourselves", async () => {
  const ana = await home.page(home.people.ana);
  const foreign = [];
  ana.on("request", (request) => {
    if (!request.url().startsWith(home.url) && /^(https?|wss?):/.test(request.url()))
      foreign.push(request.url());
  });
  await see(composer(ana));
  await press(ana, "Emoji");
  const picker = dialog(ana, "Emoji");
  await field(picker, "Find an emoji").fill("waving");
  const hand = picker.getByRole("option", { name: /waving hand/i }).first();
  await reads(hand, /^👋$/);
  await press(picker, /^Skin tone/);
  await press(picker, "Medium");
  await reads(hand, /^👋🏽$/);
  await ana.keyboard.press("Escape");

  await gone(picker);
  await press(ana, "Emoji");
  await field(picker, "Find an emoji").fill("rocket");
  await picker
    .getByRole("option", { name: /rocket/i })
    .first()
    .click();
  await eventually(async () => assert.match(await composer(ana).inputValue(), /🚀/));
  await composer(ana).press("Enter");
  await see(words(ana, "🚀"));

  await press(ana, "Emoji");
  await see(picker.getByText("Recent"));
  assert.deepEqual(foreign, []);
});

home.scene(":name: completes as one types, and alone an emoji is big", async () => {
  const ana = await home.page(home.people.ana);
  await see(composer(ana));
  await composer(ana).pressSequentially("on it :rocke");
  const list = ana.getByRole("listbox", { name: "Suggestions" });
  await see(list.getByRole("option", { name: /rocket/ }));
  await composer(ana).press("Enter");
  await eventually(async () => assert.match(await composer(ana).inputValue(), /on it 🚀/));
  await composer(ana).press("Enter");
  await see(words(ana, "on it 🚀"));
  await say(ana, "🎉");
  const size = (text) =>
    words(ana, text)
      .first()
      .evaluate((node) => Number.parseFloat(getComputedStyle(node).fontSize));
  assert.ok((await size("🎉")) > 1.5 * (await size("on it 🚀")));
  assert.ok((await log(ana).count()) === 1);
});

home.scene("@name completes from the people of the room", async () => {
  await home.person("bo", "Bo Lind");
  const ana = await home.page(home.people.ana);
  await see(composer(ana));
  await composer(ana).pressSequentially("ask @bo");
  await see(ana.getByRole("option", { name: /Bo Lind/ }));
  await composer(ana).press("Tab");
  await eventually(async () => assert.match(await composer(ana).inputValue(), /ask @bo\s/));
  await composer(ana).press("Enter");
  await see(log(ana).getByText(/ask @?(bo|Bo Lind)/));
});
