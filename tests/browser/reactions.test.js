import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import { button, composer, dialog, log, press, say, words } from "../support/screens.js";

const home = house();
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  await home.person("cy", "Cy Marsh");
});

async function two() {
  const pages = await Promise.all([home.page(home.people.ana), home.page(home.people.bo)]);
  await Promise.all(pages.map((page) => see(composer(page))));
  return pages;
}
const message = (page, text) => log(page).getByRole("article").filter({ hasText: text });
const chip = (page, text, name) => message(page, text).getByRole("button", { name, exact: true });

home.scene("a reaction by key, seen by all, added to and taken back with one press each", async () => {
  const [ana, bo] = await two();
  await say(ana, "the kettle is on");
  await see(words(bo, "the kettle is on"));

  await message(bo, "the kettle is on").focus();
  await bo.keyboard.press("r");
  const box = dialog(bo, "Add a reaction");
  await box.getByRole("button", { name: "React with 👍" }).click();
  await see(chip(bo, "the kettle is on", "👍 1, you too"));
  await see(chip(ana, "the kettle is on", "👍 1"));
  // Back where one was, by the keyboard.
  await eventually(async () =>
    assert.equal(await bo.evaluate(() => document.activeElement?.matches("[data-said]")), true),
  );

  await chip(ana, "the kettle is on", "👍 1").click();
  for (const page of [ana, bo]) await see(chip(page, "the kettle is on", "👍 2, you too"));
  await chip(bo, "the kettle is on", "👍 2, you too").click();
  await see(chip(ana, "the kettle is on", "👍 1, you too"));
  await see(chip(bo, "the kettle is on", "👍 1"));
  await bo.reload();
  await see(chip(bo, "the kettle is on", "👍 1"));
  await ana.reload();
  await see(chip(ana, "the kettle is on", "👍 1, you too"));
});

home.scene("any emoji is chosen from the grid: by mouse, by searching and Enter, by finger", async () => {
  const [ana, bo] = await two();
  await say(ana, "the bread is out");
  await see(words(bo, "the bread is out"));
  const box = dialog(bo, "Add a reaction");

  await message(bo, "the bread is out").hover();
  await message(bo, "the bread is out").getByRole("button", { name: "Add a reaction" }).click();
  await box.getByRole("option", { name: "grinning face", exact: true }).first().click();
  await gone(box);
  await see(chip(ana, "the bread is out", "😀 1"));

  for (const [query, emoji, ...keys] of [
    ["rocket", "🚀", "Enter"],
    ["spouting whale", "🐳", "ArrowDown", "Enter"],
  ]) {
    await message(bo, "the bread is out").focus();
    await bo.keyboard.press("r");
    await box.getByRole("combobox", { name: "Find an emoji" }).fill(query);
    await see(box.getByRole("option", { name: query, exact: true }));
    for (const key of keys) await bo.keyboard.press(key);
    await gone(box);
    await see(chip(ana, "the bread is out", `${emoji} 1`));
    await eventually(async () =>
      assert.equal(await bo.evaluate(() => document.activeElement?.matches("[data-said]")), true),
    );
  }

  const phone = await home.page(home.people.cy, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    path: `/r/${home.lobby.id}`,
  });
  await words(phone, "the bread is out").tap();
  await message(phone, "the bread is out").getByRole("button", { name: "Message actions" }).tap();
  await phone.getByRole("menuitem", { name: "Add a reaction" }).tap();
  const sheet = dialog(phone, "Add a reaction");
  await sheet.getByRole("option", { name: "grinning face", exact: true }).first().tap();
  await gone(sheet);
  await see(chip(ana, "the bread is out", "😀 2"));
  await count(button(ana, "🚀 1"), 1);
});

home.scene("it shows at once, and is put right with the reason where the server refuses", async () => {
  const [ana, bo] = await two();
  await say(ana, "not everybody may");
  await see(words(bo, "not everybody may"));
  await home.people.ana.api.put(
    `rooms/${home.lobby.id}/messages/${await seqOf(ana, "not everybody may")}/reactions/${encodeURIComponent("🎉")}`,
  );
  await see(chip(bo, "not everybody may", "🎉 1"));
  let release;
  const held = new Promise((go) => {
    release = go;
  });
  await bo.route("**/reactions/**", async (route) => {
    await held;
    await route.fulfill({
      status: 403,
      contentType: "application/problem+json",
      body: JSON.stringify({ code: "forbidden", detail: "Twenty are enough.", status: 403 }),
    });
  });
  await chip(bo, "not everybody may", "🎉 1").click();
  await see(chip(bo, "not everybody may", "🎉 2, you too"));
  release();
  await see(message(bo, "not everybody may").getByText("Twenty are enough."));
  await see(chip(bo, "not everybody may", "🎉 1"));
  await see(chip(ana, "not everybody may", "🎉 1, you too"));
});

home.scene(
  "who reacted is told: in the menu, by the key for menus, and whoever is not in the room is not asked",
  async () => {
    const { ana, bo, cy } = home.people;
    const room = await ana.api.post("rooms", { name: "Two of us", private: true });
    await ana.api.post(`rooms/${room.id}/members`, { user: bo.user.id });
    const { seq } = await ana.api.post(`rooms/${room.id}/messages`, { text: "for us", client_id: "r-1" });
    const path = `rooms/${room.id}/messages/${seq}/reactions`;
    await ana.api.put(`${path}/${encodeURIComponent("👀")}`);
    await bo.api.put(`${path}/${encodeURIComponent("👀")}`);
    for (const method of ["GET", "PUT", "DELETE"]) {
      const there = method === "GET" ? path : `${path}/${encodeURIComponent("👀")}`;
      assert.equal((await cy.api.ask(method, there)).status, 404, method);
    }

    const page = await home.page(bo, { path: `/r/${room.id}` });
    await see(chip(page, "for us", "👀 2, you too"));
    await message(page, "for us").hover();
    await see(message(page, "for us").getByRole("button", { name: "Message actions" }));
    await chip(page, "for us", "👀 2, you too").click({ button: "right" });
    const who = dialog(page, "Reactions");
    await see(who.getByText("Ana Ferreira"));
    await see(who.getByText("Bo Lind"));
    await healthy(page);
    await press(who, "Close");
    await gone(who);
    await message(page, "for us").hover();
    await message(page, "for us").getByRole("button", { name: "Message actions" }).click();
    await page.getByRole("menuitem", { name: "Who reacted" }).click();
    await see(who.getByText("Ana Ferreira"));
    await count(who.getByRole("listitem"), 2);
  },
);

home.scene("reactions of others move nothing that is read", async () => {
  const { ana, bo } = home.people;
  const room = await ana.api.post("rooms", { name: "Long" });
  await bo.api.post(`rooms/${room.id}/members`, {});
  const seqs = [];
  for (let i = 1; i <= 60; i += 1) {
    const said = await ana.api.post(`rooms/${room.id}/messages`, { text: `line ${i}`, client_id: `l-${i}` });
    seqs.push(said.seq);
  }
  const page = await home.page(bo, { path: `/r/${room.id}/${seqs[29]}` });
  const row = message(page, "line 30").first();
  await see(row);
  const top = async () => (await row.boundingBox()).y;
  let before = await top();
  await eventually(async () => {
    const now = await top();
    const still = now === before;
    before = now;
    assert.ok(still);
  });
  for (const seq of seqs.slice(4, 12)) {
    await ana.api.put(`rooms/${room.id}/messages/${seq}/reactions/${encodeURIComponent("👏")}`);
  }
  await count(button(page, "👏 1"), 8);
  assert.ok(Math.abs((await top()) - before) <= 1, "the eye stays where it was");
});

async function seqOf(page, text) {
  return Number(await message(page, text).first().getAttribute("data-seq"));
}
