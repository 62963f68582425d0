import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { eventually, gone, house, see } from "../support/house.js";
import {
  composer,
  composerOf,
  dialog,
  field,
  log,
  press,
  row,
  say,
  sidebar,
  words,
} from "../support/screens.js";

const home = house();
let bench;
home.prepare(async () => {
  const bo = await home.person("bo", "Bo Lind");
  const { ana } = home.people;
  bench = await ana.api.post("rooms", {
    name: "Bike bench",
    topic: "Spokes and tea",
  });
  await bo.api.post(`rooms/${bench.id}/members`);
  await bo.api.say(bench.id, "has anybody seen the pump? @ana");
  await ana.api.say(bench.id, "under the stairs");
  await bo.api.say(home.lobby.id, "good morning");
  await ana.api.post("direct", { users: [bo.user.id] });
});

for (const colorScheme of ["light", "dark"]) {
  home.scene(`axe finds nothing on any screen, ${colorScheme}`, async () => {
    const door = await home.page(undefined, { colorScheme });
    await see(door.getByRole("heading", { name: "Come in" }));
    await healthy(door, "at the door");
    await press(door, "Sign in");
    await see(door.getByRole("alert"));
    await healthy(door, "wrong input");

    const ana = await home.page(home.people.ana, {
      colorScheme,
      path: `/r/${bench.id}`,
    });
    await see(words(ana, "under the stairs"));
    await healthy(ana, "a room");
    await press(ana, /^People: /);
    await see(ana.getByRole("complementary", { name: "People" }).getByText("Bo Lind"));
    await healthy(ana, "the people of a room");
    await ana.keyboard.press("Control+k");
    await see(dialog(ana, "Find or jump to"));
    await healthy(ana, "the switcher");
    await ana.keyboard.press("Escape");
    await press(ana, "Emoji");
    await see(dialog(ana, "Emoji"));
    await healthy(ana, "the emoji");
    await ana.keyboard.press("Escape");
    for (const section of ["profile", "password", "sessions", "look", "sounds", "about"]) {
      await ana.goto(`${home.url}/settings/${section}`);
      await see(ana.getByRole("heading", { name: "Settings" }));
      await healthy(ana, `settings, ${section}`);
    }
  });
}

home.scene("the window's title says where one is", async () => {
  const page = await home.page(home.people.ana, { path: `/r/${bench.id}` });
  const told = (title) => eventually(async () => assert.match(await page.title(), title));
  await told(/Bike bench · /);
  for (const [name, heading] of [
    ["activity", "Activity"],
    ["threads", "Threads"],
    ["files", "Files"],
    ["saved", "Saved"],
    ["settings", "Settings"],
  ]) {
    await page.goto(`${home.url}/${name}`);
    await told(new RegExp(`^(\\(\\d+\\) |• )?${heading} · `));
  }
});

home.scene("all of it by keyboard alone", async () => {
  const page = await home.page();
  await see(page.getByRole("heading", { name: "Come in" }));
  const focused = () =>
    page.evaluate(
      () => document.activeElement?.getAttribute("name") ?? document.activeElement?.textContent?.trim(),
    );
  for (let i = 0; i < 4 && (await focused()) !== "username"; i += 1) await page.keyboard.press("Tab");
  await page.keyboard.type("ana");
  await page.keyboard.press("Tab");
  await page.keyboard.type("correct horse battery");
  await page.keyboard.press("Enter");
  await see(composer(page));

  // Jump to a room by typing a bit of its name.
  await page.keyboard.press("Control+k");
  await see(dialog(page, "Find or jump to"));
  await page.keyboard.type("bike");
  await see(dialog(page, "Find or jump to").getByRole("option", { name: /Bike bench/ }));
  await page.keyboard.press("Enter");
  await see(composerOf(page, "Bike bench"));

  // The composer has the focus in a room that was opened: talk, mend, delete nothing by accident.
  await eventually(async () =>
    assert.equal(await composer(page).evaluate((box) => box === document.activeElement), true),
  );
  await page.keyboard.type("typed wihtout a mouse");
  await page.keyboard.press("Enter");
  await see(words(page, "typed wihtout a mouse"));
  await page.keyboard.press("ArrowUp");
  await see(page.getByRole("textbox", { name: "Edit" }));
  await page.keyboard.press("Control+a");
  await page.keyboard.type("typed without a mouse");
  await page.keyboard.press("Enter");
  await see(words(page, "typed without a mouse"));
  await eventually(async () =>
    assert.equal(await composer(page).evaluate((box) => box === document.activeElement), true),
  );

  // The message's own actions: the log is one stop of the Tab key, arrows go through it, Tab on to the actions.
  const article = log(page).getByRole("article").filter({ hasText: "typed without a mouse" });
  const on = (locator) => locator.evaluate((node) => node === document.activeElement).catch(() => false);
  for (let i = 0; i < 6 && !(await on(article)); i += 1) await page.keyboard.press("Shift+Tab");
  assert.ok(await on(article), "Shift-Tab leads from the composer to the newest message");
  await page.keyboard.press("ArrowUp");
  await eventually(async () =>
    assert.ok(await on(log(page).getByRole("article").filter({ hasText: "under the stairs" }))),
  );
  await page.keyboard.press("ArrowDown");
  const actions = article.getByRole("button", { name: "Message actions" });
  await see(actions);
  for (let i = 0; i < 6 && !(await on(actions)); i += 1) await page.keyboard.press("Tab");
  assert.ok(await on(actions), "Tab leads to its actions");
  await page.keyboard.press("Enter");
  await see(page.getByRole("menuitem", { name: "Copy link" }));
  await page.keyboard.press("Escape");
  assert.ok(await on(actions), "Escape gives the focus back");

  await page.keyboard.press("Alt+ArrowDown");
  await eventually(async () => assert.equal(await composerOf(page, "Bike bench").count(), 0));
});

home.scene(
  "on a phone's width one column stands at a time, and nothing is wider than the screen",
  async () => {
    const page = await home.page(home.people.ana, {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    const fits = async (what) => {
      const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide <= screen, `${what}: ${wide} px on ${screen}`);
    };
    await see(sidebar(page));
    await gone(composer(page));
    await fits("the list");
    await row(page, "Bike bench").tap();
    await see(composer(page));
    await gone(sidebar(page));
    await fits("a room");
    await say(
      page,
      "from the bus, with a_very_long_word_without_any_place_to_break_it_anywhere_at_all_not_even_here",
    );
    await fits("a long word");
    await press(page, /^People: /);
    await see(page.getByRole("complementary", { name: "People" }).getByText("Bo Lind"));
    await fits("the people");
    await press(page.getByRole("complementary", { name: "People" }), "Close");
    await page.getByRole("link", { name: "Back to the rooms" }).click();
    await see(sidebar(page));
    await page.goto(`${home.url}/settings/profile`);
    await see(field(page, "Your name"));
    await fits("settings");
    // A finger needs 44 px for what it presses most.
    await page.goto(`${home.url}/r/${bench.id}`);
    const { width, height } = await page.getByRole("button", { name: "Emoji" }).boundingBox();
    assert.ok(width >= 40 && height >= 40, `${width} × ${height}`);
  },
);
