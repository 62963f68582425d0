import assert from "node:assert/strict";
import { eventually, house, see } from "../support/house.js";
import { composer, composerOf, dialog, press, row, say, words } from "../support/screens.js";

const home = house();
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  await home.person("cleo", "Cleo Marsh");
  await home.person("dora", "Dora Keen");
});

async function write(page, ...names) {
  await press(page, "New message");
  const sheet = dialog(page, "New message");
  for (const name of names) {
    await sheet.getByRole("combobox").pressSequentially(name.slice(0, 3).toLowerCase());
    await sheet.getByRole("option", { name: new RegExp(name) }).click();
  }
  await press(sheet, "Start talking");
  await see(page.getByLabel(new RegExp(`^Write to .*${names.at(-1)}`)));
}

home.scene("a direct message reaches one person and nobody else", async () => {
  const [ana, bo, cleo] = await Promise.all(
    ["ana", "bo", "cleo"].map((name) => home.page(home.people[name])),
  );
  await write(ana, "Bo Lind");
  await see(composerOf(ana, "Bo Lind"));
  await say(ana, "only for you");
  await see(row(bo, "Ana Ferreira"));
  await row(bo, "Ana Ferreira").click();
  await see(words(bo, "only for you"));
  await say(bo, "and back");
  await see(words(ana, "and back"));
  // Cleo's page got everything that it will get: a later message in the room of all.
  await home.people.bo.api.say(home.lobby.id, "hello all");
  await see(row(cleo, "Lobby"));
  assert.equal(await cleo.getByText(/only for you|and back/).count(), 0);
  assert.equal(await row(cleo, "Ana Ferreira").count(), 0);

  // The same people again: the same room.
  await write(ana, "Bo Lind");
  await see(words(ana, "only for you"));
});

home.scene("a group talks, and the list says who is here", async () => {
  const ana = await home.page(home.people.ana);
  await write(ana, "Bo Lind", "Cleo Marsh");
  await say(ana, "the three of us");
  const bo = await home.page(home.people.bo);
  await see(row(bo, "Ana, Cleo"));
  await write(ana, "Dora Keen");
  await say(ana, "are you there?");
  const state = () => row(ana, "Dora Keen").innerText();
  await eventually(async () => assert.match(await state(), /Not here/));
  const dora = await home.page(home.people.dora);
  await see(composer(dora));
  await eventually(async () => assert.doesNotMatch(await state(), /Not here/));
});
