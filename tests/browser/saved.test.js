import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import { composer, log, press, say, sidebar, words } from "../support/screens.js";

const home = house();
home.prepare(() => home.person("bo", "Bo Lind"));
const message = (page, text) => log(page).getByRole("article").filter({ hasText: text });
const mark = (page, text) => message(page, text).getByText("Saved for me", { exact: true });

home.scene("what I save bears a mark for me alone, on all my devices, until I am done with it", async () => {
  const { ana, bo } = home.people;
  const [desk, phone, other] = await Promise.all([home.page(ana), home.page(ana), home.page(bo)]);
  await Promise.all([desk, phone, other].map((page) => see(composer(page))));
  await say(other, "bring the ladder back");
  await see(words(desk, "bring the ladder back"));
  await see(words(phone, "bring the ladder back"));
  await message(desk, "the ladder").focus();
  await desk.keyboard.press("s");
  await see(mark(desk, "the ladder"));
  await message(phone, "the ladder").hover();
  await see(mark(phone, "the ladder"));
  assert.equal(await mark(other, "the ladder").count(), 0);
  assert.deepEqual((await bo.api.get("saved?done=false")).saved, []);

  await sidebar(desk).getByRole("link", { name: "Saved" }).click();
  const list = desk.getByRole("main");
  await see(list.getByText("bring the ladder back"));
  await healthy(desk, "what is saved");
  await press(list, "Done with it");
  await see(list.getByText("Nothing put aside"));
  await gone(mark(phone, "the ladder"));
  await press(list, "Done");
  await see(list.getByText("bring the ladder back"));
  await press(list, "Back to what is to do");
  await see(mark(phone, "the ladder"));
  await press(list, "To do");
  await list.getByRole("link", { name: "To the message from Bo Lind" }).click();
  await see(words(desk, "bring the ladder back"));
  await desk.goBack();
  await press(list, "Take away");
  await gone(mark(phone, "the ladder"));
});

home.scene("a saved message that was deleted says so, and can be taken away", async () => {
  const { ana, bo } = home.people;
  const { seq } = await bo.api.say(home.lobby.id, "about to vanish");
  await ana.api.put(`saved/${home.lobby.id}/${seq}`, { done: false });
  const page = await home.page(ana, { path: "/saved" });
  await see(page.getByText("about to vanish"));
  await bo.api.delete(`rooms/${home.lobby.id}/messages/${seq}`);
  await gone(page.getByText("about to vanish"));
  await see(page.getByText("This message is gone, or not for you any more."));
  await press(page, "Take away");
  await count(page.getByRole("main").getByRole("listitem"), 0);
  await eventually(async () => assert.deepEqual((await ana.api.get("saved?done=false")).saved, []));
});

home.scene("what could not be taken away is seen again, among what is saved by then", async () => {
  const { ana, bo } = home.people;
  const page = await home.page(ana, { path: "/saved" });
  const list = page.getByRole("main");
  for (const text of ["mend the gate", "paint the door", "oil the hinge"]) {
    const { seq } = await bo.api.say(home.lobby.id, text);
    await ana.api.put(`saved/${home.lobby.id}/${seq}`, { done: false });
    await see(list.getByText(text));
  }
  const held = [];
  await page.route("**/api/v1/saved/**", (route) => held.push(route));
  const item = (text) => list.getByRole("listitem").filter({ hasText: text });
  await press(item("mend the gate"), "Take away");
  await gone(list.getByText("mend the gate"));
  const { saved } = await ana.api.get("saved?done=false");
  const { room, seq } = saved.find(({ message }) => message.text === "paint the door");
  await ana.api.delete(`saved/${room}/${seq}`);
  await gone(list.getByText("paint the door"));
  await held[0].fulfill({ status: 500, json: { code: "internal", detail: "Something broke." } });
  await see(list.getByText("mend the gate"));
  await count(list.getByRole("listitem"), 2);
});
