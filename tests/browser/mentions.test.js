import assert from "node:assert/strict";
import { register } from "../support/api.js";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import { button, composer, enter, log, press, row, say, words } from "../support/screens.js";

const home = house();
let pressRoom;
let secret;
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  await home.person("zoe", "Zoë Ångström");
  await home.person("jan", "Jan Andersen");
  await home.person("stray", "Andrea Stray");
  const { ana, bo, zoe, jan } = home.people;
  await ana.api.patch("me", { settings: { desktop: true } });
  pressRoom = await bo.api.post("rooms", { name: "Press & Ink" });
  for (const one of [ana, zoe, jan]) await one.api.post(`rooms/${pressRoom.id}/members`);
  await bo.api.post("rooms", { name: "Bike bench" });
  secret = await bo.api.post("rooms", { name: "Secret plan", private: true });
});

const options = (page) => page.getByRole("listbox", { name: "Suggestions" }).getByRole("option");
const offered = (page, names) =>
  eventually(async () => {
    const found = await options(page).allInnerTexts();
    assert.deepEqual(
      found.map((text) => text.split("\n").filter(Boolean).join(" | ")),
      names,
    );
  });
const offers = (page, pattern) =>
  eventually(async () => assert.match((await options(page).allInnerTexts()).join(" "), pattern));
async function inRoom(person, path = `/r/${pressRoom.id}`, more) {
  const page = await home.page(person, { path, ...more });
  await see(composer(page));
  return page;
}
const type = async (page, text) => {
  await composer(page).fill("");
  await composer(page).pressSequentially(text);
};

home.scene("people are found by any part of a name, without accents, who spoke last first", async () => {
  await home.people.jan.api.say(pressRoom.id, "I am here");
  const ana = await inRoom(home.people.ana);
  await see(words(ana, "I am here"));
  await type(ana, "thanks @ang");
  await offers(ana, /Zoë Ångström/);
  await type(ana, "thanks @gstr");
  await offers(ana, /Zoë Ångström/);
  await type(ana, "thanks @an");
  await eventually(async () => {
    const found = await options(ana).allInnerTexts();
    assert.match(found[0], /Jan Andersen/);
    // Who is not in the room comes after those who are, and is marked.
    const stray = found.findIndex((text) => /Andrea Stray/.test(text));
    assert.match(found[stray] ?? "", /not in this room/);
    assert.ok(stray > found.findIndex((text) => /Ångström/.test(text)), found.join());
  });
  await composer(ana).press("ArrowDown");
  await composer(ana).press("Enter");
  await eventually(async () => assert.match(await composer(ana).inputValue(), /^thanks @\w+ $/));

  // Not where one writes an address, nor after Escape.
  await type(ana, "mail a@bo");
  await count(options(ana), 0);
  await type(ana, "hello @bo");
  await offers(ana, /Bo Lind/);
  await composer(ana).press("Escape");
  await count(options(ana), 0);
  await composer(ana).fill("");
});

home.scene("completion works while a message is changed", async () => {
  const ana = await inRoom(home.people.ana);
  await say(ana, "to be changed");
  await composer(ana).press("ArrowUp");
  const field = ana.getByLabel("Edit", { exact: true });
  await field.pressSequentially(" by @lind");
  await offers(ana, /Bo Lind/);
  await options(ana).first().click();
  await eventually(async () => assert.equal(await field.inputValue(), "to be changed by @bo "));
  await field.press("Enter");
  await see(words(ana, /to be changed by @bo/));
  await see(log(ana).getByRole("button", { name: "@bo" }));
});

home.scene("a room is linked by its name for those who may see it, and never asked for", async () => {
  const bo = await inRoom(home.people.bo);
  await type(bo, "see #ink");
  await offered(bo, ["Press & Ink | #press-ink"]);
  await type(bo, "see #plan");
  await offered(bo, ["Secret plan | #secret-plan"]);
  await composer(bo).fill("");

  const ana = await inRoom(home.people.ana);
  const asked = [];
  ana.on("request", (request) => asked.push(decodeURIComponent(request.url())));
  await type(ana, "see #plan");
  await composer(ana).press("End");
  await type(ana, "see #ben");
  await offered(ana, ["Bike bench | you are not in it"]);
  await composer(ana).press("Tab");
  await eventually(async () => assert.equal(await composer(ana).inputValue(), "see #bike-bench "));
  await composer(ana).fill("");
  await say(bo, "see #bike-bench, #secret-plan and #nowhere");
  const link = log(ana).getByRole("link", { name: "#bike-bench" });
  await see(link);
  await see(log(bo).getByRole("link", { name: "#secret-plan" }));
  await count(log(ana).getByRole("link", { name: "#secret-plan" }), 0);
  await count(log(ana).getByRole("link", { name: "#nowhere" }), 0);
  assert.deepEqual(
    asked.filter((url) => /plan|nowhere/.test(url) || url.includes(`rooms/${secret.id}`)),
    [],
    "nothing tells the server that the name was read",
  );
  await link.click();
  await see(ana.getByRole("heading", { name: "Bike bench" }));
  assert.equal(ana.context().pages().length, 1, "in the same tab");
});

home.scene("many are called only by a second Enter", async () => {
  const bo = await home.people.bo.api;
  const big = await bo.post("rooms", { name: "Town square" });
  const users = [];
  for (let i = 0; i < 19; i += 1) users.push((await register(home.url, `guest${i}`, `Guest ${i}`)).user.id);
  await bo.post(`rooms/${big.id}/members`, { users: [...users, home.people.ana.user.id] });
  const page = await inRoom(home.people.bo, `/r/${big.id}`);
  const ana = await inRoom(home.people.ana, `/r/${home.lobby.id}`);

  await composer(page).fill("@room the kettle is on");
  await composer(page).press("Enter");
  const strip = page.getByRole("alert").getByText("This calls 20 people.");
  await see(strip);
  await healthy(page, "the warning");
  await count(words(page, /kettle/), 0);
  await press(page, "Change");
  await gone(strip);
  assert.equal(await composer(page).inputValue(), "@room the kettle is on");
  await bo.say(home.lobby.id, "between");
  await see(words(ana, "between"));
  assert.doesNotMatch(await row(ana, "Town square").innerText(), /mention/);

  await composer(page).press("Enter");
  await see(strip);
  await composer(page).press("Enter");
  await see(words(page, /the kettle is on/));
  await gone(strip);
  await eventually(async () => assert.match(await row(ana, "Town square").innerText(), /mention/));

  // One person, or a sign in code, is nothing to ask about.
  await say(page, "@ana come");
  await composer(page).fill("write `@room` for that");
  await composer(page).press("Enter");
  await see(words(page, /for that/));
  // In a small room nobody asks.
  await enter(page, "Press & Ink");
  await composer(page).fill("@room small");
  await composer(page).press("Enter");
  await see(words(page, /small/));
});

home.scene("whoever is here is called, marked, and nothing is counted", async () => {
  const ana = await inRoom(home.people.ana, `/r/${home.lobby.id}`);
  await composer(ana).click();
  // What there was is read: a room that is left before its page is there is not.
  await enter(ana, "Press & Ink");
  await see(words(ana, /small/));
  await eventually(async () => assert.doesNotMatch(await row(ana, "Press").innerText(), /mention/));
  await enter(ana, "Lobby");
  await ana.evaluate(() => globalThis.__hide(true));
  const before = await ana.evaluate(() => globalThis.__heard.notifications.length);
  await home.people.ana.api.put(`rooms/${pressRoom.id}/level`, { level: "mentions" });
  await home.people.bo.api.say(pressRoom.id, "@here tea");
  await eventually(async () => {
    const notes = await ana.evaluate(() => globalThis.__heard.notifications);
    assert.match(notes.slice(before).at(-1)?.body ?? "", /tea/);
  });
  assert.doesNotMatch(await row(ana, "Press").innerText(), /mention/);
  await ana.evaluate(() => globalThis.__hide(false));
  await enter(ana, "Press & Ink");
  await see(log(ana).locator("mark", { hasText: "@here" }));
  await home.people.ana.api.put(`rooms/${pressRoom.id}/level`, { level: "all" });
});

for (const colorScheme of ["light", "dark"]) {
  home.scene(`axe finds nothing while one completes, ${colorScheme}`, async () => {
    const ana = await inRoom(home.people.ana, undefined, { colorScheme });
    await type(ana, "@an");
    await offers(ana, /Andrea/);
    assert.ok(await composer(ana).getAttribute("aria-activedescendant"));
    await healthy(ana, "people");
    await type(ana, "#ben");
    await offers(ana, /Bike bench/);
    await healthy(ana, "rooms");
    await see(button(ana, "Send"));
  });
}
