import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { chosen, png } from "../support/files.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import {
  button,
  composer,
  dialog,
  enter,
  field,
  log,
  press,
  row,
  sidebar,
  words,
} from "../support/screens.js";

const home = house();
let room;
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  await home.person("cleo", "Cleo Marsh");
  await home.person("dora", "Dora Keen");
  room = await home.people.bo.api.post("rooms", { name: "Print room" });
  for (const name of ["ana", "cleo"]) await home.people[name].api.post(`rooms/${room.id}/members`);
});

const option = (page, name) => page.getByRole("option", { name });
const list = async () => (await home.people.bo.api.get("groups")).groups;

async function community(page) {
  await sidebar(page).getByRole("heading", { level: 1 }).getByRole("button").click();
  await page.getByRole("menuitem", { name: "Community" }).click();
  await see(dialog(page, "Community"));
}

home.scene("a group is made, calls those of it who are in the room, changes, and goes", async () => {
  const ana = await home.page(home.people.ana, { path: `/r/${home.lobby.id}` });
  const bo = await home.page(home.people.bo, { path: `/r/${room.id}` });
  const cleo = await home.page(home.people.cleo, { path: `/r/${home.lobby.id}` });
  const dora = await home.page(home.people.dora, { path: `/r/${home.lobby.id}` });
  for (const page of [ana, bo, cleo, dora]) await see(composer(page));
  await enter(bo, "Print room");
  await enter(bo, "Lobby");

  await community(ana);
  await field(ana, "What is this place called?").fill("Half a name");
  await press(ana, "Groups");
  await see(ana.getByText("No groups yet"));
  // What was begun there waits.
  await ana.keyboard.press("Escape");
  await eventually(async () =>
    assert.equal(await field(ana, "What is this place called?").inputValue(), "Half a name"),
  );
  await press(dialog(ana, "Community"), "Cancel");
  await community(ana);
  assert.notEqual(await field(ana, "What is this place called?").inputValue(), "Half a name");
  await press(ana, "Groups");
  await see(ana.getByText("No groups yet"));
  await press(ana, "Make a group");
  await field(ana, "Name").fill("The Design!");
  await press(ana, "Make it");
  await see(ana.getByText(/2 to 32/));
  await field(ana, "Name").fill("@Design");
  await field(ana, "What it is").fill("Those who draw");
  for (const name of ["Cleo Marsh", "Dora Keen"]) {
    await dialog(ana, "Make a group").getByRole("combobox").fill(name.slice(0, 3));
    await option(ana, name).click();
  }
  await press(ana, "Make it");
  await see(button(ana, /@design.*2 people/s));
  assert.deepEqual(
    (await list()).map(({ name, title, members }) => [name, title, members.length]),
    [["design", "Those who draw", 2]],
  );

  // Bo is in the room and not in the group, Dora in the group and not in the room: neither is called.
  await enter(bo, "Print room");
  await composer(bo).pressSequentially("help, @dra");
  await see(option(bo, /Those who draw.*@design/));
  await composer(bo).press("Enter");
  await eventually(async () => assert.equal(await composer(bo).inputValue(), "help, @design "));
  await composer(bo).press("Enter");
  await eventually(async () => assert.match(await row(cleo, "Print room").innerText(), /1 mention/));
  assert.ok(!(await sidebar(dora).innerText()).includes("Print room"));
  await ana.keyboard.press("Escape");
  await gone(dialog(ana, "Groups"));
  await press(dialog(ana, "Community"), "Cancel");
  await eventually(async () => assert.match(await row(ana, "Print room").innerText(), /unread/));
  assert.doesNotMatch(await row(ana, "Print room").innerText(), /mention/);

  // It is marked for whom it calls, and opens who is in it for everybody.
  await enter(cleo, "Print room");
  const name = log(cleo).getByRole("button", { name: "@design" });
  await see(name);
  assert.match(await name.getAttribute("class"), /mine/);
  const theirs = log(bo).getByRole("button", { name: "@design" });
  await see(theirs);
  assert.doesNotMatch(await theirs.getAttribute("class"), /mine/);
  await theirs.click();
  await see(dialog(bo, "@design").getByText("Dora Keen"));
  await count(button(bo, "Change @design"), 0);
  await healthy(bo, "who is in it");

  await enter(ana, "Print room");
  await log(ana).getByRole("button", { name: "@design" }).click();
  await press(ana, "Change @design");
  await press(ana, "Remove Dora Keen");
  await press(ana, "Save");
  await gone(dialog(bo, "@design").getByText("Dora Keen"));
  await press(ana, "Delete the group");
  await press(dialog(ana, "Delete @design?"), "Delete the group");
  await count(log(cleo).getByRole("button", { name: "@design" }), 0);
  await see(words(cleo, /help, @design/));
  assert.deepEqual(await list(), []);
});

home.scene("only who keeps the keys changes groups and the community", async () => {
  await home.people.ana.api.post("groups", { name: "board", members: [home.people.bo.user.id] });
  const bo = await home.page(home.people.bo, { path: `/r/${room.id}` });
  await see(composer(bo));
  await home.people.ana.api.say(room.id, "dear @board");
  await log(bo).getByRole("button", { name: "@board" }).click();
  await see(dialog(bo, "@board").getByText("You are in it"));
  await press(bo, "All groups");
  await see(button(bo, /@board/));
  await count(button(bo, "Make a group"), 0);
  const refused = await home.people.bo.api.ask("PATCH", `groups/${(await list())[0].id}`, { title: "mine" });
  assert.ok(refused.status === 403 || refused.status === 404, String(refused.status));
});

home.scene("switching the history off says what it costs, and everybody may be let add emoji", async () => {
  const ana = await home.page(home.people.ana);
  await see(composer(ana));
  const { seq } = await home.people.bo.api.say(room.id, "first words");
  await home.people.bo.api.patch(`rooms/${room.id}/messages/${seq}`, { text: "second words" });
  await community(ana);
  const sheet = dialog(ana, "Community");
  await count(sheet.getByText(/erased for good/), 0);
  await sheet.getByLabel(/Keep the older texts/).uncheck();
  await see(sheet.getByText(/erased for good/));
  await sheet.getByLabel("Everybody", { exact: true }).check();
  await healthy(ana, "the community's settings");
  const bo = await home.page(home.people.bo, { path: "/settings/emoji" });
  await see(bo.getByText(/Whoever keeps the keys/));
  await press(sheet, "Save");
  await gone(sheet);
  await eventually(async () => {
    const { history } = await home.people.bo.api.get(`rooms/${room.id}/messages/${seq}/history`);
    assert.deepEqual(
      history.map(({ text }) => text),
      ["second words"],
    );
  });

  // It reaches the open page: Bo adds one, gives it another name, and takes back his own alone.
  await see(bo.getByText(/Everybody may add some/));
  const shed = await home.people.ana.api.upload("shed.png", png(64, 64, [20, 110, 80], [240, 200, 90]));
  await home.people.ana.api.put("emoji/shed", { file: shed.id });
  await bo
    .locator("input[type=file]")
    .setInputFiles(chosen("our_hut.png", "image/png", png(80, 80, [9, 9, 90], [240, 200, 90])));
  await press(dialog(bo, "Cut it to fit"), "Use it");
  await press(bo, "Add it");
  await see(button(bo, "Remove :our_hut:"));
  await see(bo.getByText(":shed:"));
  await count(button(bo, "Remove :shed:"), 0);
  await press(bo, "One more name for :our_hut:");
  await bo.getByLabel("One more name for :our_hut:").and(bo.getByRole("textbox")).fill("shed");
  await press(bo, "Add the name");
  await see(bo.getByText(/There is a :shed: already/));
  await bo.getByLabel("One more name for :our_hut:").and(bo.getByRole("textbox")).fill(":cabin:");
  await press(bo, "Add the name");
  await see(button(bo, "Remove the name :cabin:"));
  await healthy(bo, "emoji with names");

  await enter(ana, "Print room");
  await composer(ana).pressSequentially("our :cab");
  await see(option(ana, /:cabin:/));
  await composer(ana).press("Enter");
  await eventually(async () => assert.match(await composer(ana).inputValue(), /^our :(our_hut|cabin): $/));
  await composer(ana).press("Enter");
  await see(log(ana).getByRole("img", { name: /:(our_hut|cabin):/ }));
  await press(bo, "Remove the name :cabin:");
  await count(button(bo, "Remove the name :cabin:"), 0);
  const { emoji } = await home.people.ana.api.get("emoji");
  assert.deepEqual(emoji.map(({ name }) => name).sort(), ["our_hut", "shed"]);
});
