// Two have the same form open, or one has it open twice: what is saved in one of them is not set back by the other.
import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import { button, composer, dialog, field, log, press, sidebar, words } from "../support/screens.js";

const home = house();
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  await home.person("cleo", "Cleo Marsh");
  await home.person("dora", "Dora Keen");
});

const filled = (input, value) => eventually(async () => assert.equal(await input.inputValue(), value));

home.scene("naming the community leaves its door as somebody else closed it meanwhile", async () => {
  const { api } = home.people.ana;
  const page = await home.page(home.people.ana, { path: `/r/${home.lobby.id}` });
  await sidebar(page).getByRole("heading", { level: 1 }).getByRole("button").click();
  await page.getByRole("menuitem", { name: "Community" }).click();
  const sheet = dialog(page, "Community");
  await see(sheet);
  await field(sheet, "What is this place called?").fill("Salon");
  await api.patch("server", { join: "nobody" });
  await eventually(async () => assert.ok(await field(sheet, "Nobody for now").isChecked()));
  await press(sheet, "Save");
  await gone(sheet);
  const { name, join } = await api.get("server");
  assert.deepEqual([name, join], ["Salon", "nobody"]);
});

home.scene("a topic leaves the name that the room got meanwhile", async () => {
  const { api } = home.people.ana;
  const room = await api.post("rooms", { name: "Garden" });
  const page = await home.page(home.people.ana, { path: `/r/${room.id}` });
  await press(page, "More about this room");
  await page.getByRole("menuitem", { name: "About this room" }).click();
  const sheet = dialog(page, "About this room");
  await field(sheet, "Topic").fill("What grows");
  await api.patch(`rooms/${room.id}`, { name: "Orchard" });
  await filled(field(sheet, "Name"), "Orchard");
  await press(sheet, "Save");
  await gone(sheet);
  const { name, topic } = await api.get(`rooms/${room.id}`);
  assert.deepEqual([name, topic], ["Orchard", "What grows"]);
});

home.scene("a name leaves the status that was set on the phone", async () => {
  const { api } = home.people.bo;
  const page = await home.page(home.people.bo, { path: "/settings/profile" });
  await field(page, "Your name").fill("Bo Lindqvist");
  await api.patch("me", { status: "in a meeting" });
  await filled(field(page, "Status"), "in a meeting");
  await press(page, "Save");
  await eventually(async () => {
    const { name, status } = await api.get("me");
    assert.deepEqual([name, status], ["Bo Lindqvist", "in a meeting"]);
  });

  // The page stays open: what was saved here is no more mine than the rest.
  await see(page.getByText("Saved"));
  await api.patch("me", { name: "Bo L." });
  await filled(field(page, "Your name"), "Bo L.");
});

home.scene("a profile that is half changed is so still after a look at something else", async () => {
  const { api } = home.people.cleo;
  const page = await home.page(home.people.cleo, { path: "/settings/profile" });
  await field(page, "Status").fill("out sail");
  await page.getByRole("link", { name: "Appearance" }).click();
  await see(page.getByRole("heading", { name: "Appearance" }));
  await page.getByRole("link", { name: "Profile" }).click();
  await filled(field(page, "Status"), "out sail");
  assert.equal((await api.get("me")).status, "");
});

home.scene("who joins or leaves a group elsewhere does so under an open form too", async () => {
  const { api } = home.people.ana;
  const [bo, cleo, dora] = ["bo", "cleo", "dora"].map((name) => home.people[name].user.id);
  const { id } = await api.post("groups", { name: "crew", members: [bo, cleo] });
  const members = async () => (await api.get("groups")).groups.find((group) => group.id === id).members;
  const page = await home.page(home.people.ana, { path: `/r/${home.lobby.id}` });
  await see(composer(page));
  await api.say(home.lobby.id, "dear @crew");
  await log(page).getByRole("button", { name: "@crew" }).click();
  await press(page, "Change @crew");
  const sheet = dialog(page, "Change @crew");
  await press(sheet, "Remove Cleo Marsh");
  await api.patch(`groups/${id}`, { members: [cleo, dora] });
  await see(button(sheet, "Remove Dora Keen"));
  await gone(button(sheet, "Remove Bo L."));
  await sheet.getByRole("combobox").fill("Ana");
  await page.getByRole("option", { name: "Ana Ferreira" }).click();
  await press(sheet, "Save");
  await gone(sheet);
  assert.deepEqual(await members(), [home.people.ana.user.id, dora]);

  // Nobody moved here, a title was given: nobody is moved.
  await press(page, "Change @crew");
  await field(sheet, "What it is").fill("Those on deck");
  await api.patch(`groups/${id}`, { members: [bo] });
  await see(button(sheet, "Remove Bo L."));
  await press(sheet, "Save");
  await gone(sheet);
  assert.deepEqual(await members(), [bo]);
});

const edit = (page) => page.getByRole("textbox", { name: "Edit" });
async function editing(person, said) {
  const room = await person.api.post("rooms", { name: "Kitchen", private: true });
  const { seq } = await person.api.say(room.id, said);
  const path = `rooms/${room.id}/messages/${seq}`;
  const page = await home.page(person, { path: `/r/${room.id}` });
  await see(words(page, said));
  await composer(page).press("ArrowUp");
  await filled(edit(page), said);
  return { page, room, path };
}

home.scene("a message under change follows what it became on the phone, until one writes", async () => {
  const { api } = home.people.bo;
  const { page, path } = await editing(home.people.bo, "tea at four");
  await api.patch(path, { text: "tea at five" });
  await filled(edit(page), "tea at five");
  await edit(page).press("Enter");
  await gone(edit(page));
  assert.equal((await api.get(path)).text, "tea at five");

  await composer(page).press("ArrowUp");
  await edit(page).press("Home");
  await edit(page).pressSequentially("No ");
  await filled(edit(page), "No tea at five");
  await see(page.getByText("Enter saves"));
  await api.patch(path, { text: "tea at seven" });
  await see(page.getByText("Changed elsewhere meanwhile"));
  await filled(edit(page), "No tea at five");
  await edit(page).press("Enter");
  await gone(edit(page));
  assert.equal((await api.get(path)).text, "No tea at five");
});

home.scene("what one writes into a message that is deleted meanwhile can still be copied", async () => {
  const { api } = home.people.bo;
  for (const shows of [true, false]) {
    await api.patch("me", { settings: { deleted: shows } });
    const { page, path } = await editing(home.people.bo, "a short note");
    await edit(page).fill("five minutes of work");
    await api.delete(path);
    await see(page.getByRole("alert").getByText("This message was deleted"));
    await filled(edit(page), "five minutes of work");
    await edit(page).press("Enter");
    await healthy(page, "an edit of what was deleted");
    await press(page, "Copy text");
    await see(button(page, "Copied"));
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "five minutes of work");
    await press(page, "Close");
    await gone(edit(page));
    await count(log(page).getByText("Message deleted"), shows ? 1 : 0);
    await page.close();
  }

  // Nothing was written: nothing is left to say.
  const { page, path } = await editing(home.people.bo, "another note");
  await api.delete(path);
  await gone(edit(page));
});
