import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import { composer, log, press, say, words } from "../support/screens.js";

const home = house();
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  await home.person("cy", "Cy Marsh");
});
const message = (page, text) => log(page).getByRole("article").filter({ hasText: text });

async function pins(page) {
  await press(page, "More about this room");
  await page.getByRole("menuitem", { name: "Pinned messages" }).click();
  return page.getByRole("complementary", { name: "Pinned messages" });
}

home.scene("a pin is seen by everybody in the room, leads there, and goes", async () => {
  const [ana, bo] = await Promise.all([home.page(home.people.ana), home.page(home.people.bo)]);
  await Promise.all([see(composer(ana)), see(composer(bo))]);
  await say(ana, "the wifi is called Parlour");
  await see(words(bo, "the wifi is called Parlour"));
  const list = await pins(bo);
  await see(list.getByText("Nothing is pinned"));
  await message(ana, "the wifi").focus();
  await ana.keyboard.press("p");
  await see(message(ana, "the wifi").getByText("Pinned", { exact: true }));
  await see(list.getByText("the wifi is called Parlour"));
  await see(message(bo, "the wifi").getByText("Pinned", { exact: true }));
  await healthy(bo, "the pins of a room");

  for (let i = 0; i < 40; i += 1) await home.people.ana.api.say(home.lobby.id, `more talk ${i}`);
  await see(words(bo, "more talk 39"));
  await list.getByRole("link", { name: "To the message from Ana Ferreira" }).click();
  await see(words(bo, "the wifi is called Parlour"));
  await eventually(async () => assert.match(bo.url(), /\/r\/\d+\/\d+$/));

  await press(list, "Unpin");
  await count(list.getByRole("article"), 0);
  await see(ana.getByText("more talk 39"));
  await message(bo, "the wifi").hover();
  await gone(message(bo, "the wifi").getByText("Pinned", { exact: true }));
});

home.scene("what is pinned in a private room is nobody else's business", async () => {
  const { ana, cy } = home.people;
  const room = await ana.api.post("rooms", { name: "Ours", private: true });
  const { seq } = await ana.api.say(room.id, "the key is under the mat");
  await ana.api.put(`rooms/${room.id}/messages/${seq}/pin`);
  assert.equal((await cy.api.ask("GET", `rooms/${room.id}/pins`)).status, 404);
  assert.equal((await cy.api.ask("DELETE", `rooms/${room.id}/messages/${seq}/pin`)).status, 404);
  assert.equal((await cy.api.ask("PUT", `rooms/${room.id}/messages/${seq}/pin`)).status, 404);
  const page = await home.page(ana, { path: `/r/${room.id}` });
  await see(message(page, "under the mat").getByText("Pinned", { exact: true }));
});
