import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { eventually, house, see } from "../support/house.js";
import { composerOf, dialog, press } from "../support/screens.js";

const home = house();
let garden;
home.prepare(async () => {
  const bo = await home.person("bo", "Bo Lind");
  await home.person("cleo", "Cleo Marsh");
  garden = await bo.api.post("rooms", { name: "Garden" });
  await bo.api.post(`rooms/${garden.id}/members`, { users: [home.people.cleo.user.id] });
});

const links = (sheet) => sheet.getByRole("switch", { name: /^Show what links lead to/ });
const stands = (box, on) => eventually(async () => assert.equal(await box.isChecked(), on));

async function about(person) {
  const page = await home.page(person, { path: `/r/${garden.id}` });
  await see(composerOf(page, "Garden"));
  await press(page, "More about this room");
  await page.getByRole("menuitem", { name: "About this room" }).click();
  const sheet = dialog(page, "About this room");
  await see(links(sheet));
  return { page, sheet };
}

home.scene("the owner of a room switches off what links show; others see that", async () => {
  const [bo, cleo] = await Promise.all([about(home.people.bo), about(home.people.cleo)]);
  await stands(links(bo.sheet), true);
  await stands(links(cleo.sheet), true);
  assert.equal(await links(cleo.sheet).isDisabled(), true);
  await healthy(bo.page, "about a room");
  await links(bo.sheet).click();
  await stands(links(cleo.sheet), false);
  assert.equal((await home.people.bo.api.get(`rooms/${garden.id}`)).previews, false);
  await links(bo.sheet).click();
  await stands(links(cleo.sheet), true);
});

home.scene("whoever keeps the keys switches it off for all rooms", async () => {
  const bo = await about(home.people.bo);
  await stands(links(bo.sheet), true);
  const ana = await home.page(home.people.ana);
  const { name } = await home.people.ana.api.get("server");
  await press(ana, name);
  await ana.getByRole("menuitem", { name: "Community" }).click();
  const sheet = dialog(ana, "Community");
  await stands(links(sheet), true);
  await healthy(ana, "the community");
  await links(sheet).click();
  await press(sheet, "Save");
  await see(bo.sheet.getByText("Switched off for the whole community."));
  await stands(links(bo.sheet), false);
  assert.equal(await links(bo.sheet).isDisabled(), true);
});
