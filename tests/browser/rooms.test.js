import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { eventually, gone, house, see } from "../support/house.js";
import {
  blamed,
  button,
  composer,
  composerOf,
  dialog,
  enter,
  field,
  log,
  press,
  row,
  say,
  words,
} from "../support/screens.js";

const home = house();
let ana;
let bo;
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  await home.person("cleo", "Cleo Marsh");
});

async function two() {
  [ana, bo] = await Promise.all([home.page(home.people.ana), home.page(home.people.bo)]);
  await Promise.all([see(composer(ana)), see(composer(bo))]);
}

async function makeRoom(page, name, { topic = "", hidden = false } = {}) {
  await press(page, "Make or find a room");
  await page.getByRole("menuitem", { name: "New room" }).click();
  const sheet = dialog(page, "New room");
  await field(sheet, "Name").fill(name);
  if (topic) await field(sheet, "Topic").fill(topic);
  if (hidden) await sheet.getByRole("switch", { name: /^Private/ }).check();
  await press(sheet, "Make the room");
  await see(composerOf(page, name));
}

async function about(page) {
  await press(page, "More about this room");
  await page.getByRole("menuitem", { name: "About this room" }).click();
}

home.scene("an open room is made, found by others, joined and left", async () => {
  await two();
  await press(ana, "Make or find a room");
  await ana.getByRole("menuitem", { name: "New room" }).click();
  await press(dialog(ana, "New room"), "Make the room");
  await blamed(dialog(ana, "New room"), "Name", /A room needs a name/);
  await field(dialog(ana, "New room"), "Name").fill("lobby");
  await press(dialog(ana, "New room"), "Make the room");
  await blamed(dialog(ana, "New room"), "Name", /./);
  await press(dialog(ana, "New room"), "Close");
  await makeRoom(ana, "Bike bench", { topic: "Spokes and tea" });
  await see(ana.getByText("Spokes and tea").first());

  await press(bo, "Make or find a room");
  await bo.getByRole("menuitem", { name: "Browse rooms" }).click();
  const doors = dialog(bo, "Browse rooms");
  await field(doors, "Find a room").fill("bike");
  await press(doors, /Join/);
  await see(composerOf(bo, "Bike bench"));
  await see(log(ana).getByText(/Bo Lind joined/));
  await say(bo, "has anybody seen the pump?");
  await see(words(ana, "has anybody seen the pump?"));

  await about(bo);
  await press(bo, "Leave room");
  await press(bo.getByRole("dialog", { name: /Leave Bike bench/ }), "Leave room");
  await gone(row(bo, "Bike bench"));
  await see(log(ana).getByText(/Bo Lind left/));
});

home.scene("a private room is for those who were added", async () => {
  await two();
  await makeRoom(ana, "Trustees", { hidden: true });
  await say(ana, "between us");
  await press(bo, "Make or find a room");
  await bo.getByRole("menuitem", { name: "Browse rooms" }).click();
  await field(dialog(bo, "Browse rooms"), "Find a room").fill("trustees");
  await see(dialog(bo, "Browse rooms").getByText(/Nothing is called|Every open room/));
  await press(dialog(bo, "Browse rooms"), "Close");

  await press(ana, /^People: /);
  await press(ana, "Add people");
  const sheet = dialog(ana, "Add people to Trustees");
  await sheet.getByRole("combobox").pressSequentially("bo");
  await sheet.getByRole("option", { name: /Bo Lind/ }).click();
  await press(sheet, "Add");
  await see(log(ana).getByText(/added Bo Lind/));
  await see(row(bo, "Trustees"));
  await enter(bo, "Trustees");
  await see(words(bo, "between us"));
});

home.scene("rename, topic and archive are seen by all", async () => {
  await two();
  await makeRoom(ana, "Gardn");
  const { rooms } = await home.people.ana.api.get("rooms");
  const room = rooms.find(({ name }) => name === "Gardn");
  await home.people.bo.api.post(`rooms/${room.id}/members`);
  await enter(bo, "Gardn");

  await about(ana);
  await field(dialog(ana, "About this room"), "Name").fill("Garden");
  await field(dialog(ana, "About this room"), "Topic").fill("What grows, and what does not");
  await press(ana, "Save");
  await see(log(bo).getByText(/renamed the room to Garden/));
  await see(log(bo).getByText(/set the topic: What grows/));
  await see(row(bo, "Garden"));

  await about(ana);
  await press(ana, "Archive room");
  await press(dialog(ana, /Archive Garden/), "Archive room");
  await see(log(bo).getByText(/archived the room/));
  await see(bo.getByText("This room is archived. It can be read, and nobody can write."));
  await gone(composer(bo));
  await about(ana);
  await press(ana, "Take out of the archive");
  await see(composer(bo));
});

home.scene("who is removed sees nothing of what follows", async () => {
  await two();
  const room = await home.people.ana.api.post("rooms", {
    name: "Tool library",
  });
  await home.people.bo.api.post(`rooms/${room.id}/members`);
  await enter(bo, "Tool library");
  await home.people.ana.api.delete(`rooms/${room.id}/members/${home.people.bo.user.id}`);
  await gone(row(bo, "Tool library"));
  await home.people.ana.api.say(room.id, "now that we are alone");
  await home.people.ana.api.say(home.lobby.id, "something for all");
  await enter(bo, "Lobby");
  await see(words(bo, "something for all"));
  assert.equal(await bo.getByText("now that we are alone").count(), 0);
});

home.scene(
  "who is removed while writing stays there, writes to nobody else, and keeps the words",
  async () => {
    const { bo: him, ana: her } = home.people;
    const room = await her.api.post("rooms", { name: "Choir" });
    for (const viewport of [undefined, { width: 390, height: 844 }]) {
      await her.api.post(`rooms/${room.id}/members`, { users: [him.user.id] });
      const page = await home.page(him, { path: `/r/${room.id}`, ...(viewport && { viewport }) });
      await composerOf(page, "Choir").fill("what I think of ");
      await her.api.delete(`rooms/${room.id}/members/${him.user.id}`);
      await see(page.getByRole("heading", { name: "Ana Ferreira removed you from Choir" }));
      await page.keyboard.type("them, between us");
      await page.keyboard.press("Enter");
      assert.equal(new URL(page.url()).pathname, `/r/${room.id}`);
      assert.equal(await page.evaluate(() => document.activeElement.matches("input, textarea")), false);
      await gone(composer(page));
      await see(page.getByText("what I think of", { exact: true }));
      await press(page, "Copy text");
      await see(page.getByText("Copied").first());
      assert.match(await page.evaluate(() => navigator.clipboard.readText()), /what I think of/);
      await healthy(page, "removed");
      await page.getByRole("link", { name: "To your rooms" }).click();
      await see(row(page, "Lobby"));
      await gone(row(page, "Choir"));
    }
  },
);

home.scene("who looks in from the doorway of an open room is told of no failure", async () => {
  const { bo: him, ana: her } = home.people;
  const room = await her.api.post("rooms", { name: "Kitchen" });
  const { seq } = await her.api.say(room.id, "soup is on");
  for (const path of [`/r/${room.id}`, `/r/${room.id}/${seq}`]) {
    const page = await home.page(him);
    await see(composer(page));
    const refused = [];
    page.on("response", (it) => it.status() === 403 && refused.push(it.url()));
    await page.evaluate((to) => {
      document.body.append(Object.assign(document.createElement("a"), { href: to, id: "door" }));
      const door = document.querySelector("#door");
      door.click();
      door.remove();
    }, path);
    await see(page.getByRole("heading", { name: "You are looking in from the doorway" }));
    await see(page.getByText("1 person inside"));
    await healthy(page, "the doorway");
    assert.equal(await page.getByText("could not be loaded").count(), 0);
    await press(page, "Join this room");
    await see(words(page, "soup is on"));
    assert.deepEqual(refused, []);
    await him.api.delete(`rooms/${room.id}/members/me`);
  }
});

home.scene("a ban and a room that was left elsewhere are told in its place as well", async () => {
  const { bo: him, ana: her } = home.people;
  const room = await her.api.post("rooms", { name: "Orchard" });
  const page = await home.page(him);
  for (const [act, told] of [
    [() => her.api.put(`rooms/${room.id}/bans/${him.user.id}`), "Ana Ferreira banned you from Orchard"],
    [() => him.api.delete(`rooms/${room.id}/members/me`), "You left Orchard"],
  ]) {
    await her.api.ask("DELETE", `rooms/${room.id}/bans/${him.user.id}`);
    await her.api.post(`rooms/${room.id}/members`, { users: [him.user.id] });
    await enter(page, "Orchard");
    await act();
    await see(page.getByRole("heading", { name: told }));
    await gone(composer(page));
    assert.equal(await page.getByText("was not sent").count(), 0);
    await enter(page, "Lobby");
  }
});

home.scene("the people of a room, who is here, and looking one up", async () => {
  await two();
  await enter(ana, "Lobby");
  await press(ana, /^People: /);
  const panel = ana.getByRole("complementary", { name: "People" });
  await see(panel.getByRole("button", { name: /Bo Lind.* Here$/ }));
  // Cleo has an account and no page open.
  await see(panel.getByRole("button", { name: /Cleo Marsh.* Not here$/ }));
  await field(panel, "Find a person").fill("cle");
  await gone(panel.getByText("Bo Lind"));
  await see(panel.getByText("Cleo Marsh"));

  // Back from whom one found, and out.
  await panel.getByRole("button", { name: /^Cleo Marsh/ }).focus();
  await ana.keyboard.press("Escape");
  await see(panel.getByText("Bo Lind"));
  await eventually(async () =>
    assert.ok(await field(panel, "Find a person").evaluate((it) => it === document.activeElement)),
  );
  await ana.keyboard.press("Escape");
  await gone(panel);
});

home.scene("a list that the server did not give says so in its place, and is asked for again", async () => {
  await home.people.ana.api.post("rooms", { name: "Broken doors" });
  const page = await home.page(home.people.ana);
  await see(composer(page));
  const breaks = (path) => page.route(path, (route) => route.fulfill({ status: 500 }), { times: 1 });
  const again = async (sheet) => {
    await see(sheet.getByRole("alert"));
    await press(sheet, "Try again");
    await gone(button(sheet, "Try again"));
  };

  await breaks(/\/rooms\?.*scope=open/);
  await press(page, "Make or find a room");
  await page.getByRole("menuitem", { name: "Browse rooms" }).click();
  const doors = dialog(page, "Browse rooms");
  await again(doors);
  await see(doors.getByText("Broken doors"));
  await page.keyboard.press("Escape");

  await breaks(/\/invites/);
  await press(page, /^Parlour/);
  await page.getByRole("menuitem", { name: "Invite links" }).click();
  await again(dialog(page, "Invite links"));
  await page.keyboard.press("Escape");

  await breaks(/\/bans/);
  await enter(page, "Broken doors");
  await about(page);
  const sheet = dialog(page, "About this room");
  await see(sheet.getByRole("heading", { name: "Banned" }));
  await again(sheet);
  await gone(sheet.getByRole("heading", { name: "Banned" }));
});
