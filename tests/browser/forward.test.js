import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import { button, composer, composerOf, dialog, enter, log, press, say, words } from "../support/screens.js";

const home = house();
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  await home.person("cy", "Cy Marsh");
});
const message = (page, text) => log(page).getByRole("article").filter({ hasText: text });

home.scene("a quote is answered, read as it now is, and leads to what it quotes", async () => {
  const [ana, bo] = await Promise.all([home.page(home.people.ana), home.page(home.people.bo)]);
  await Promise.all([see(composer(ana)), see(composer(bo))]);
  await say(ana, "tea at four");
  await see(words(bo, "tea at four"));
  await message(bo, "tea at four").focus();
  await bo.keyboard.press("q");
  await see(button(bo, "Do not quote"));
  await bo.keyboard.type("make it five");
  await bo.keyboard.press("Enter");
  await gone(button(bo, "Do not quote"));
  const answer = message(ana, "make it five");
  await see(answer.getByRole("link", { name: /Ana Ferreira.*tea at four/s }));
  await healthy(ana, "a message that quotes another");

  // The quote is a reference: it says what the message says now.
  await composer(ana).press("ArrowUp");
  await ana.getByRole("textbox", { name: "Edit" }).fill("tea at half past four");
  await ana.keyboard.press("Enter");
  await see(message(bo, "make it five").getByText("tea at half past four"));
  await message(bo, "make it five").getByRole("link").first().click();
  await eventually(async () => assert.match(bo.url(), /\/r\/\d+\/\d+$/));
  const seq = bo.url().split("/").at(-1);
  await home.people.ana.api.delete(`rooms/${home.lobby.id}/messages/${seq}`);
  await see(message(bo, "make it five").getByText("This message was deleted"));
  assert.equal(await log(bo).getByText("tea at half past four").count(), 0);
});

home.scene("a quote is told without the signs of its markup, and covers what is covered", async () => {
  const { ana, bo } = home.people;
  const { seq } = await bo.api.say(home.lobby.id, "**soup** is `hot`, it is ||leek||");
  await ana.api.say(home.lobby.id, "at last", { quote: seq });
  const page = await home.page(bo);
  await see(message(page, "at last").getByText("soup is hot, it is ▒▒▒▒", { exact: true }));
});

home.scene("a quote that waits for the connection survives a reload", async () => {
  const ana = await home.page(home.people.ana);
  await see(composer(ana));
  await say(ana, "what was asked");
  await see(message(ana, "what was asked").locator("xpath=self::*[@data-seq]"));
  await message(ana, "what was asked").focus();
  await ana.keyboard.press("q");
  await see(button(ana, "Do not quote"));
  await ana.keyboard.type("the answer");
  await home.program.kill();
  await ana.keyboard.press("Enter");
  await see(message(ana, "the answer").getByText("what was asked"));
  await home.program.up();
  await ana.reload();
  await see(message(ana, "the answer").getByRole("link", { name: /what was asked/ }));
});

home.scene(
  "a copy goes to a room and to a person, says whose words they are, and shows the way to those who may go",
  async () => {
    const { ana, bo, cy } = home.people;
    const secret = await ana.api.post("rooms", { name: "Trustees", private: true });
    const { seq } = await ana.api.say(secret.id, "we buy the shed");
    const page = await home.page(ana, { path: `/r/${secret.id}` });
    const [bos, cys] = await Promise.all([home.page(bo), home.page(cy)]);
    await Promise.all([see(composer(bos)), see(composer(cys))]);
    await see(words(page, "we buy the shed"));
    await message(page, "we buy the shed").focus();
    await page.keyboard.press("f");
    const box = dialog(page, "Forward this message");
    const to = box.getByRole("combobox");
    await to.fill("lob");
    await see(box.getByRole("option", { name: "Lobby" }));
    await to.press("Enter");
    await to.fill("lind");
    await see(box.getByRole("option", { name: "Bo Lind" }));
    await to.press("Enter");
    await box.getByLabel("Say something first").fill("for all of you");
    await healthy(page, "forwarding");
    await press(box, "Forward to 2");
    await gone(box);

    for (const reader of [bos, cys]) {
      await see(words(reader, "for all of you"));
      const copy = message(reader, "we buy the shed");
      await see(copy.getByText("Forwarded from Ana Ferreira"));
      // Whoever may not read the source gets the words, and no way there.
      await count(copy.getByRole("link", { name: "Forwarded from Ana Ferreira" }), 0);
      await count(words(reader, "we buy the shed"), 1);
    }
    assert.equal((await cy.api.ask("GET", `rooms/${secret.id}/messages/${seq}`)).status, 404);
    await enter(bos, "Ana Ferreira");
    await see(words(bos, "we buy the shed"));
    await enter(page, "Lobby");
    await see(composerOf(page, "Lobby"));
    const copy = message(page, "we buy the shed");
    await see(copy.getByRole("link", { name: "Forwarded from Ana Ferreira" }));
    await ana.api.delete(`rooms/${secret.id}/messages/${seq}`);
    // It outlives its source.
    await count(copy.getByRole("link", { name: "Forwarded from Ana Ferreira" }), 0);
    await see(words(page, "we buy the shed"));
  },
);
