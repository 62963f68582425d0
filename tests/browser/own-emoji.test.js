import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { chosen, gif, png } from "../support/files.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import { blamed, composer, dialog, field, log, press, say } from "../support/screens.js";

const home = house();
home.prepare(() => home.person("bo", "Bo Lind"));

const choose = (page, file) => page.locator("input[type=file]").setInputFiles(file);
const PICTURE = chosen("The Shed.png", "image/png", png(300, 200, [20, 110, 80], [240, 200, 90]));

async function settings(person) {
  const page = await home.page(person, { path: "/settings/emoji" });
  await see(page.getByRole("heading", { name: "Own emoji" }));
  return page;
}

home.scene("an emoji of our own is added, used by another, and removed", async () => {
  const bo = await home.page(home.people.bo);
  await see(composer(bo));
  const there = await home.page(home.people.ana);
  await see(composer(there));
  await say(there, "we meet at the :shed:");
  await see(log(bo).getByText("we meet at the :shed:"));

  const ana = await settings(home.people.ana);
  await see(ana.getByText("None yet"));
  await choose(ana, PICTURE);
  await press(dialog(ana, "Cut it to fit"), "Use it");
  await eventually(async () => assert.equal(await field(ana, "Name").inputValue(), "the_shed"));
  await field(ana, "Name").fill("rocket");
  await press(ana, "Add it");
  await blamed(ana, "Name", /already/);
  await field(ana, "Name").fill("The Shed!");
  await press(ana, "Add it");
  await blamed(ana, "Name", /2 to 32/);
  await field(ana, "Name").fill(":shed:");
  await press(ana, "Add it");
  await see(ana.getByRole("button", { name: "Remove :shed:" }));

  // What was written before shows it too, without a reload.
  const drawn = log(bo).getByRole("img", { name: ":shed:" });
  await see(drawn);
  await eventually(async () => assert.ok(await drawn.evaluate((img) => img.naturalWidth > 0)));

  await composer(bo).pressSequentially("is it :she");
  await see(bo.getByRole("listbox", { name: "Suggestions" }).getByRole("option", { name: /shed/ }));
  await composer(bo).press("Enter");
  await eventually(async () => assert.equal(await composer(bo).inputValue(), "is it :shed: "));
  await composer(bo).press("Enter");
  await count(log(there).getByRole("img", { name: ":shed:" }), 2);

  await press(bo, "Emoji");
  await see(dialog(bo, "Emoji").getByText("Ours"));
  await dialog(bo, "Emoji").getByRole("option", { name: "shed" }).first().click();
  await eventually(async () => assert.equal(await composer(bo).inputValue(), ":shed:"));
  await composer(bo).press("Enter");
  await count(log(there).getByRole("img", { name: ":shed:" }), 3);
  const width = async (i) =>
    (await log(there).getByRole("img", { name: ":shed:" }).nth(i).boundingBox()).width;
  assert.ok((await width(2)) > 1.5 * (await width(0)), "alone it is big");

  await choose(ana, PICTURE);
  await press(dialog(ana, "Cut it to fit"), "Use it");
  await field(ana, "Name").fill("shed");
  await press(ana, "Add it");
  await blamed(ana, "Name", /There is a :shed: already/);
  await press(ana, "Cancel");

  await press(ana, "Remove :shed:");
  await press(dialog(ana, "Remove :shed:?"), "Remove");
  await gone(ana.getByRole("button", { name: "Remove :shed:" }));
  for (const page of [bo, there]) {
    await count(log(page).getByRole("img", { name: ":shed:" }), 0);
    await see(log(page).getByText("we meet at the :shed:"));
  }
});

home.scene("what moves keeps moving: it is not cut", async () => {
  const ana = await settings(home.people.ana);
  await choose(ana, chosen("Dance.gif", "image/gif", gif()));
  await eventually(async () => assert.equal(await field(ana, "Name").inputValue(), "dance"));
  await field(ana, "Name").fill("our_dance");
  await press(ana, "Add it");
  await see(ana.getByRole("button", { name: "Remove :our_dance:" }));
  const { emoji } = await home.people.ana.api.get("emoji");
  const answer = await fetch(`${home.people.bo.api.base}files/${emoji[0].file}`, {
    headers: { authorization: `Bearer ${home.people.bo.api.token}` },
  });
  assert.equal(answer.headers.get("content-type"), "image/gif");
});

home.scene("who does not keep the keys sees them and changes nothing", async () => {
  const bo = await settings(home.people.bo);
  await see(bo.getByText(":our_dance:"));
  await see(bo.getByText(/Whoever keeps the keys/));
  await count(bo.getByRole("button", { name: "Add an emoji" }), 0);
  await count(bo.getByRole("button", { name: /^Remove/ }), 0);
});

home.scene("axe finds nothing among the emoji", async () => {
  const ana = await settings(home.people.ana);
  await see(ana.getByText(":our_dance:"));
  await healthy(ana, "the list");
  await choose(ana, PICTURE);
  await see(dialog(ana, "Cut it to fit"));
  await healthy(ana, "cutting");
  await press(dialog(ana, "Cut it to fit"), "Use it");
  await see(field(ana, "Name"));
  await healthy(ana, "naming");
  await ana.goto(`${home.url}/r/${home.lobby.id}`);
  await see(composer(ana));
  await press(ana, "Emoji");
  await see(dialog(ana, "Emoji").getByText("Ours"));
  await healthy(ana, "the picker");
});
