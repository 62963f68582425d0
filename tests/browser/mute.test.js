import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { eventually, house, see } from "../support/house.js";
import { composer, enter, press, row, sidebar, words } from "../support/screens.js";

const home = house();
let room;
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  room = await home.people.bo.api.post("rooms", { name: "Print room" });
  await home.people.ana.api.post(`rooms/${room.id}/members`);
});

const item = (page, name) => page.getByRole("menuitem", { name });
const mine = async () => (await home.people.ana.api.get("rooms")).rooms.find(({ id }) => id === room.id);
const level = (how) =>
  home.people.ana.api.put(`rooms/${room.id}/level`, { level: "all", muted_until: null, ...how });
const isUnread = (page) =>
  row(page, "Print room")
    .innerText()
    .then((text) => /unread|mention/.test(text));

async function listening() {
  const ana = await home.page(home.people.ana, { path: `/r/${home.lobby.id}` });
  await see(composer(ana));
  await composer(ana).click();
  await ana.keyboard.press("Shift");
  return ana;
}
/** Waits until the page has surely dealt with what was said before. */
async function settled(page) {
  const text = `settled ${Math.random()}`;
  await home.people.bo.api.say(home.lobby.id, text);
  await see(words(page, text));
}

home.scene("a muted room neither lights up nor counts nor is heard, until it is unmuted", async () => {
  await level();
  const ana = await listening();
  await enter(ana, "Print room");
  await press(ana, "More about this room");
  await item(ana, "Mute …").click();
  await item(ana, /^For 1 hour/).click();
  await eventually(async () => {
    const { muted_until } = await mine();
    const left = new Date(muted_until) - Date.now();
    assert.ok(left > 58 * 60_000 && left < 61 * 60_000, muted_until);
  });
  await enter(ana, "Lobby");
  await settled(ana);
  const before = await ana.evaluate(() => globalThis.__heard);
  const title = await ana.title();
  await home.people.bo.api.say(room.id, "@ana @room anybody?");
  await settled(ana);
  assert.ok(!(await isUnread(ana)), await row(ana, "Print room").innerText());
  assert.match(await row(ana, "Print room").innerText(), /muted/);
  assert.equal(await ana.title(), title);
  const after = await ana.evaluate(() => globalThis.__heard);
  assert.deepEqual(after.notifications, before.notifications);

  // It is all still there; what came meanwhile shows once it is not muted any more.
  await home.people.ana.api.put(`rooms/${room.id}/level`, { level: "all", muted_until: null });
  await eventually(async () => assert.ok(await isUnread(ana), "from another device"));
});

home.scene("unmuting is one press in the same menu", async () => {
  await level({ muted_until: "9999-01-01T00:00:00.000Z" });
  const ana = await listening();
  assert.match(await row(ana, "Print room").innerText(), /muted/);
  await enter(ana, "Print room");
  await press(ana, "More about this room");
  await item(ana, /^Unmute/).click();
  await eventually(async () => assert.equal((await mine()).muted_until, undefined));
  await eventually(async () => assert.doesNotMatch(await row(ana, "Print room").innerText(), /muted/));
});

home.scene("what is muted for a while comes back by itself, and others do not learn of it", async () => {
  await level({ muted_until: new Date(Date.now() + 90_000).toISOString() });
  const context = { path: null };
  const ana = await home.page(home.people.ana, context);
  await ana.clock.install();
  await ana.goto(`${home.url}/r/${home.lobby.id}`);
  await see(composer(ana));
  await eventually(async () => assert.match(await row(ana, "Print room").innerText(), /muted/));
  const theirs = (await home.people.bo.api.get(`rooms/${room.id}`)).muted_until;
  assert.equal(theirs, undefined);
  await ana.clock.fastForward("03:00");
  await eventually(async () => assert.doesNotMatch(await row(ana, "Print room").innerText(), /muted/));
});

home.scene("axe finds nothing in the menus", async () => {
  await level({ muted_until: "9999-01-01T00:00:00.000Z" });
  for (const colorScheme of ["light", "dark"]) {
    const ana = await home.page(home.people.ana, { path: `/r/${room.id}`, colorScheme });
    await see(composer(ana));
    await press(ana, "More about this room");
    await see(item(ana, /^Unmute/));
    await healthy(ana, `muted, ${colorScheme}`);
    await see(sidebar(ana));
  }
});
