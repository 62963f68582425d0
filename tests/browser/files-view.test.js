import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { png, send } from "../support/files.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import { button, composer, composerOf, dialog, field, log, press, sidebar } from "../support/screens.js";

const home = house();
const PICTURE = png(320, 240, [40, 120, 90], [240, 190, 80]);
let garden;
let trustees;
home.prepare(async () => {
  const { ana } = home.people;
  const bo = await home.person("bo", "Bo Lind");
  const cleo = await home.person("cleo", "Cleo Marsh");
  garden = await ana.api.post("rooms", { name: "Garden" });
  await ana.api.post(`rooms/${garden.id}/members`, { users: [bo.user.id, cleo.user.id] });
  trustees = await ana.api.post("rooms", { name: "Trustees", private: true });
  await ana.api.post(`rooms/${trustees.id}/members`, { users: [bo.user.id] });
  await send(ana, garden.id, "garden in june.png", PICTURE, { type: "image/png" });
  await send(ana, garden.id, "notes.md", "# Beans\n\nThey are in.", { type: "text/markdown" });
  await send(bo, garden.id, "rota.csv", "who,when\nbo,Monday\n", {
    type: "text/csv",
    text: "who comes when",
  });
  await send(bo, garden.id, "ladder.bin", Buffer.from([7, 1, 9, 0, 3]));
  await send(bo, trustees.id, "secret plan.png", PICTURE, { type: "image/png" });
});

const panel = (page) => page.getByRole("complementary", { name: "Files" });
/** A file in the list, whichever way it is drawn there. */
const file = (where, name) => where.getByRole("link", { name: new RegExp(`^${name}`) });
const kind = (where, name) => where.getByRole("radio", { name }).check();

async function opened(person, options) {
  const page = await home.page(person, { path: `/r/${garden.id}`, ...options });
  await see(composerOf(page, "Garden"));
  await press(page, "Files");
  await see(file(panel(page), "garden in june.png"));
  return page;
}

home.scene("the files of a room, by kind, by name as one types, by person and by day", async () => {
  const ana = await opened(home.people.ana);
  const list = panel(ana);
  for (const name of ["notes.md", "rota.csv", "ladder.bin"]) await see(file(list, name));
  assert.equal(await file(list, "secret plan").count(), 0, "of another room");

  await kind(list, "Pictures");
  await gone(file(list, "rota.csv"));
  await see(file(list, "garden in june.png"));
  await kind(list, "Documents");
  await gone(file(list, "garden in june.png"));
  await see(file(list, "rota.csv"));
  await kind(list, "Sound");
  await see(list.getByText("Nothing fits"));
  await press(list, "Show everything");
  await see(file(list, "ladder.bin"));

  await field(list, "Find by name").pressSequentially("gard");
  await gone(file(list, "rota.csv"));
  await see(file(list, "garden in june.png"));
  await field(list, "Find by name").press("Escape");
  await see(file(list, "rota.csv"));

  await press(list, /^Who sent it/);
  const who = dialog(ana, "Who sent it");
  // Pressed before the names that are there gave way to those that were typed: none of these is meant.
  await see(who.getByRole("option", { name: /Ana Ferreira/ }));
  await who.getByRole("combobox").pressSequentially("bo");
  await ana.keyboard.press("Enter");
  await gone(file(list, "notes.md"));
  await see(file(list, "rota.csv"));
  await press(list, "Take away: Bo Lind");
  await see(file(list, "notes.md"));

  await press(list, /^When it was sent/);
  const when = dialog(ana, "When it was sent");
  await field(when, "To").fill("2020-01-01");
  await see(list.getByText("Nothing fits"));
  await press(when, "Today");
  await see(file(list, "notes.md"));
});

home.scene("what is sent comes to the top, what is deleted goes", async () => {
  const ana = await opened(home.people.ana);
  const sent = await send(home.people.bo, garden.id, "just now.txt", "hello");
  await see(file(panel(ana), "just now.txt"));
  await send(home.people.bo, trustees.id, "elsewhere.txt", "hello");
  await home.people.bo.api.delete(`rooms/${garden.id}/messages/${sent.seq}`);
  await gone(file(panel(ana), "just now.txt"));
  assert.equal(await file(panel(ana), "elsewhere.txt").count(), 0);
});

home.scene("everything that one may see is on one page, and nothing else", async () => {
  const [bo, cleo] = await Promise.all([
    home.page(home.people.bo),
    home.page(home.people.cleo, { path: "/files" }),
  ]);
  await see(composer(bo));
  await sidebar(bo).getByRole("link", { name: "Files" }).click();
  await see(file(bo, "secret plan.png"));
  await see(file(bo, "rota.csv"));
  await see(file(bo, "rota.csv").getByText("Garden"));

  await see(file(cleo, "rota.csv"));
  await field(cleo, "Find by name").fill("secret");
  await see(cleo.getByText("Nothing fits"));
  assert.equal(await file(cleo, "secret plan").count(), 0);
  await field(cleo, "Find by name").fill("");

  // It comes for who may see it, and goes with the room.
  await send(home.people.ana, trustees.id, "second plan.png", PICTURE, { type: "image/png" });
  await see(file(bo, "second plan.png"));
  await see(file(cleo, "rota.csv"));
  assert.equal(await file(cleo, "second plan").count(), 0);
  await home.people.ana.api.delete(`rooms/${trustees.id}/members/${home.people.bo.user.id}`);
  await gone(file(bo, "second plan.png"));
  await gone(file(bo, "secret plan.png"));
  await home.people.ana.api.post(`rooms/${trustees.id}/members`, { users: [home.people.bo.user.id] });

  await bo.keyboard.press("Control+k");
  await dialog(bo, "Find or jump to").getByRole("combobox").fill("files");
  await see(bo.getByRole("option", { name: /^Files/ }));
});

home.scene("a file leads to its message, and can be kept", async () => {
  const ana = await opened(home.people.ana);
  await file(panel(ana), "rota.csv").click();
  await eventually(() => assert.match(ana.url(), new RegExp(`/r/${garden.id}/\\d+$`)));
  await see(log(ana).getByText("who comes when"));

  await file(panel(ana), "notes.md").hover();
  const kept = ana.waitForEvent("download");
  await panel(ana).getByRole("link", { name: "Download notes.md" }).click();
  assert.equal((await kept).suggestedFilename(), "notes.md");
});

home.scene("a picture is shown large where one is, and leads to its message", async () => {
  const ana = await opened(home.people.ana);
  const before = ana.url();
  const tile = file(panel(ana), "garden in june.png");
  const light = dialog(ana, /garden in june\.png/);
  await tile.click();
  await see(light);
  await ana.keyboard.press("Escape");
  await gone(light);
  assert.equal(ana.url(), before);
  await eventually(async () => assert.ok(await tile.evaluate((it) => it === document.activeElement)));
  await tile.press("Enter");
  await press(light, "Go to the message");
  await gone(light);
  await eventually(() => assert.match(ana.url(), new RegExp(`/r/${garden.id}/\\d+$`)));
  await see(tile);
});

home.scene("the page of all files is as one left it after a picture, and after its message", async () => {
  const dora = await home.person("dora", "Dora Quist");
  await home.people.ana.api.post(`rooms/${garden.id}/members`, { users: [dora.user.id] });
  const album = await dora.api.post("rooms", { name: "Album" });
  for (let i = 0; i < 60; i += 1) await send(dora, album.id, `leaf ${i}.bin`, Buffer.from([i]));
  const page = await home.page(dora, { path: "/files" });
  await see(file(page, "leaf 59"));
  await field(page, "Find by name").fill("leaf");
  await gone(file(page, "rota.csv"));
  const list = page.getByRole("group", { name: "Files, newest first" });
  const place = () => list.evaluate((it) => it.scrollTop);
  await list.evaluate((it) => it.scrollTo(0, 1500));
  await see(file(page, "leaf 20.bin"));
  await file(page, "leaf 20.bin").click();
  await see(composerOf(page, "Album"));
  // What comes meanwhile moves nothing.
  const sent = await send(dora, album.id, "leaf of today.bin", Buffer.from([61]));
  await see(log(page).locator(`[data-seq="${sent.seq}"]`));
  await page.goBack();
  await see(file(page, "leaf 20.bin"));
  assert.equal(await place(), 1500);
  assert.equal(await field(page, "Find by name").inputValue(), "leaf");
  await list.evaluate((it) => it.scrollTo(0, 0));
  await see(file(page, "leaf of today.bin"));

  await field(page, "Find by name").fill("june");
  const tile = file(page, "garden in june.png");
  const light = dialog(page, /garden in june\.png/);
  for (const close of [() => page.keyboard.press("Escape"), () => page.goBack()]) {
    await tile.click();
    await see(light);
    await close();
    await gone(light);
    assert.equal(new URL(page.url()).pathname, "/files");
    assert.equal(await field(page, "Find by name").inputValue(), "june");
  }
  await tile.click();
  await press(light, "Go to the message");
  await see(composerOf(page, "Garden"));
  await page.goBack();
  await see(tile);
});

home.scene("on a phone the list gives way to the message", async () => {
  const phone = await home.page(home.people.ana, {
    path: `/r/${garden.id}`,
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await see(composerOf(phone, "Garden"));
  await press(phone, "More about this room");
  await phone.getByRole("menuitem", { name: "Files" }).click();
  await see(file(panel(phone), "rota.csv"));
  await file(panel(phone), "rota.csv").click();
  await gone(panel(phone));
  await see(log(phone).getByText("who comes when"));
});

home.scene("a list that does not load says so, and is asked for again", async () => {
  const ana = await home.page(home.people.ana, { path: null });
  await ana.route("**/api/v1/files?*", (route) => route.abort());
  await ana.goto(`${home.url}/files`);
  await see(ana.getByRole("alert"));
  await ana.unroute("**/api/v1/files?*");
  await press(ana, "Try again");
  await see(file(ana, "rota.csv"));
});

for (const colorScheme of ["light", "dark"]) {
  home.scene(`axe finds nothing in the files, ${colorScheme}`, async () => {
    const ana = await opened(home.people.ana, { colorScheme });
    await healthy(ana, "the files of a room");
    await press(panel(ana), /^Who sent it/);
    await see(dialog(ana, "Who sent it").getByRole("option"));
    await healthy(ana, "who sent it");
    await ana.keyboard.press("Escape");
    await press(panel(ana), /^When it was sent/);
    await see(dialog(ana, "When it was sent"));
    await healthy(ana, "when it was sent");
    await press(dialog(ana, "When it was sent"), "7 days");
    await ana.keyboard.press("Escape");
    await see(button(panel(ana), /^Take away/));
    await healthy(ana, "narrowed");
    await ana.goto(`${home.url}/files`);
    await see(file(ana, "rota.csv"));
    await healthy(ana, "all files");
  });
}

home.scene("one file in two messages stands there twice, each with its own way", async () => {
  const { ana } = home.people;
  const there = await ana.api.post("rooms", { name: "Copies" });
  const { seq } = await send(ana, there.id, "the paper.png", PICTURE, { type: "image/png" });
  await send(ana, there.id, "minutes.bin", Buffer.from([1, 2, 3]));
  for (const what of [seq, seq + 1])
    await ana.api.post(`rooms/${there.id}/messages`, {
      forward: { room: there.id, seq: what },
      client_id: `copy-${what}`,
    });
  const page = await home.page(ana, { path: "/files" });
  const list = page.getByRole("main");
  for (const [name, first] of [
    ["the paper.png", seq],
    ["minutes.bin", seq + 1],
  ]) {
    await count(file(list, name), 2);
    const ways = await file(list, name).evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    assert.deepEqual(ways.sort(), [`/r/${there.id}/${first}`, `/r/${there.id}/${first + 2}`].sort());
  }
});
