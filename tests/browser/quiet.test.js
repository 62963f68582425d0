import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, reads, see } from "../support/house.js";
import { button, composer, log, press, row, sidebar, words } from "../support/screens.js";

const home = house();
let room;
let direct;
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  await home.person("cleo", "Cleo Marsh");
  room = await home.people.bo.api.post("rooms", { name: "Print room" });
  for (const name of ["ana", "cleo"]) await home.people[name].api.post(`rooms/${room.id}/members`);
  direct = await home.people.bo.api.post("direct", { users: [home.people.ana.user.id] });
  await home.people.ana.api.patch("me", { settings: { desktop: true } });
});

const AWAKE = { zone: "", days: [], keywords: [] };
const wake = () => home.people.ana.api.put("me/quiet", AWAKE);
/** What was heard and shown; counts go on. */
const heard = (page) =>
  page.evaluate(() => ({
    sounds: globalThis.__heard.sounds,
    notifications: globalThis.__heard.notifications,
  }));
const item = (page, name) => page.getByRole("menuitem", { name });

async function listening(path = `/r/${home.lobby.id}`) {
  const ana = await home.page(home.people.ana, { path });
  await see(path.startsWith("/r/") ? composer(ana) : ana.getByRole("heading", { level: 2 }));
  if (path.startsWith("/r/")) await composer(ana).click();
  await ana.keyboard.press("Shift");
  return ana;
}

/** Waits until the page has surely dealt with what was said before. */
async function settled(page) {
  const text = `settled ${Math.random()}`;
  await home.people.bo.api.say(home.lobby.id, text);
  await see(words(page, text));
}

home.scene(
  "do not disturb is begun and ended by one press each, seen by others, and nothing is heard",
  async () => {
    await wake();
    const bo = await home.page(home.people.bo, { path: `/r/${direct.id}` });
    await see(composer(bo));
    const ana = await listening();

    await press(ana, "Do not disturb");
    await item(ana, /^For 1 hour/).click();
    const line = sidebar(ana).getByText(/^Quiet until/);
    await see(line);

    // Bo sees it where he would write to her, in his list, and on her card.
    await see(bo.getByText("Ana Ferreira does not want to be disturbed now"));
    await reads(row(bo, "Ana Ferreira"), /Do not disturb/);
    await log(bo).first().focus();
    await bo.goto(`${home.url}/r/${room.id}`);
    await press(bo, /^People: /);
    const panel = bo.getByRole("complementary", { name: "People" });
    await panel.getByRole("button", { name: /Ana Ferreira.* Do not disturb$/ }).click();
    await see(bo.getByText("Does not want to be disturbed"));

    const before = await heard(ana);
    await ana.evaluate(() => globalThis.__hide(true));
    await home.people.bo.api.say(room.id, "@ana are you there?");
    await eventually(async () => assert.match(await row(ana, "Print room").innerText(), /mention/));
    await settled(ana);
    assert.deepEqual(await heard(ana), before, "neither sound nor notification");
    await ana.evaluate(() => globalThis.__hide(false));

    await press(ana, "End do not disturb");
    await gone(line);
    await eventually(async () => {
      await home.people.bo.api.say(room.id, "@ana now you hear me");
      assert.ok((await heard(ana)).sounds.length > before.sounds.length);
    });
    const { quiet, dnd } = await home.people.ana.api.get("me");
    assert.deepEqual([quiet.until, dnd], [undefined, false]);
  },
);

home.scene("it reaches my other tab and ends there too", async () => {
  await wake();
  const ana = await listening();
  const other = await home.page(home.people.ana, { path: `/r/${room.id}` });
  await see(composer(other));
  await press(ana, "Do not disturb");
  await item(ana, /^Until I say so/).click();
  await see(sidebar(other).getByText("Quiet until you say so"));
  await press(other, "End do not disturb");
  await gone(sidebar(ana).getByText(/^Quiet/));
});

home.scene("quiet hours are kept by weekday in my own time zone", async () => {
  await wake();
  const ana = await listening("/settings/sounds");
  await ana.getByLabel("Quiet hours on Monday").check();
  await ana.getByLabel("Monday, from").fill("21:30");
  await ana.getByLabel("Monday, to").fill("06:45");
  await press(ana, "The same on all days");
  await count(ana.getByLabel(/^Quiet hours on/).and(ana.locator(":checked")), 7);
  const hours = { from: 21 * 60 + 30, to: 6 * 60 + 45 };
  await eventually(async () => {
    const { quiet } = await home.people.ana.api.get("me");
    assert.deepEqual([quiet.zone, quiet.days], ["Europe/Lisbon", Array(7).fill(hours)]);
  });
  // All day long: that is now, whatever the clock says.
  await ana.getByLabel("Sunday, to").fill("21:30");
  for (const day of ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"])
    await ana.getByLabel(`${day}, to`).fill("21:30");
  await see(sidebar(ana).getByText("Quiet at all hours"));
  await eventually(async () => assert.equal((await home.people.ana.api.get("me")).dnd, true));
  // It is not mine to end by a press, but there is a way to where it is kept.
  await count(button(ana, "End do not disturb"), 0);
  await see(button(ana, "Change"));
  for (const day of await ana.getByLabel(/^Quiet hours on/).all()) await day.uncheck();
  await gone(sidebar(ana).getByText("Quiet at all hours"));
});

home.scene(
  "a word of mine calls me like my name, is marked for me alone, and nobody learns of it",
  async () => {
    await wake();
    const ana = await listening("/settings/sounds");
    await ana.getByLabel("A word, or several in a row").fill("Letterpress");
    await press(ana, "Add");
    await see(button(ana, "Remove letterpress"));
    await ana.goto(`${home.url}/r/${home.lobby.id}`);
    await composer(ana).click();
    await ana.keyboard.press("Shift");

    const cleo = await home.page(home.people.cleo, { path: `/r/${room.id}` });
    await see(composer(cleo));
    await ana.evaluate(() => globalThis.__hide(true));
    await home.people.ana.api.put(`rooms/${room.id}/level`, { level: "mentions" });
    await settled(ana);
    await home.people.bo.api.say(room.id, "the letterpresses are not meant");
    await settled(ana);
    const { notifications } = await heard(ana);
    assert.ok(!notifications.some(({ body }) => /letterpresses/.test(body)), "a longer word is another word");
    await home.people.bo.api.say(room.id, "who wants the LETTERPRESS?");
    await eventually(async () => {
      const { notifications } = await heard(ana);
      assert.match(notifications.at(-1)?.body ?? "", /LETTERPRESS/);
    });
    await ana.goto(`${home.url}/r/${room.id}`);
    await see(log(ana).locator("mark", { hasText: "LETTERPRESS" }));
    await see(words(cleo, "who wants the LETTERPRESS?"));
    await count(log(cleo).locator("mark"), 0);
    const bo = await home.people.bo.api.get("users?q=ana");
    assert.ok(!JSON.stringify(bo).includes("letterpress"));

    await ana.goto(`${home.url}/settings/sounds`);
    await press(ana, "Remove letterpress");
    await gone(button(ana, "Remove letterpress"));
    await home.people.ana.api.put(`rooms/${room.id}/level`, { level: "all" });
  },
);

home.scene("the switch of older accounts becomes the wish that others see", async () => {
  await wake();
  await home.people.ana.api.patch("me", { settings: { dnd: true } });
  const ana = await listening();
  await see(sidebar(ana).getByText("Quiet until you say so"));
  await eventually(async () => {
    const { dnd, settings } = await home.people.ana.api.get("me");
    assert.deepEqual([dnd, settings.dnd], [true, false]);
  });
});

home.scene("settings reach an open page", async () => {
  await wake();
  const ana = await listening();
  await home.people.ana.api.patch("me", { settings: { dense: true } });
  await see(ana.locator(".dense"));
  await home.people.ana.api.patch("me", { settings: { dense: false } });
  await count(ana.locator(".dense"), 0);
});

for (const colorScheme of ["light", "dark"]) {
  home.scene(`axe finds nothing where one is not disturbed, ${colorScheme}`, async () => {
    await wake();
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const days = [{ from: 0, to: 60 }, null, null, null, null, null, null];
    await home.people.ana.api.put("me/quiet", { until, zone: "Europe/Lisbon", days, keywords: ["hut"] });
    const ana = await home.page(home.people.ana, { path: "/settings/sounds", colorScheme });
    await see(sidebar(ana).getByText(/^Quiet until/));
    await healthy(ana, "settings");
    await press(ana, "Do not disturb");
    await see(item(ana, /^For 1 hour/));
    await healthy(ana, "the menu");
    const bo = await home.page(home.people.bo, { path: `/r/${direct.id}`, colorScheme });
    await see(bo.getByText("Ana Ferreira does not want to be disturbed now"));
    await healthy(bo, "the direct room");
  });
}
