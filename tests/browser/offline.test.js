import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import { line } from "../support/line.js";
import { composer, enter, log, press, row, say, words } from "../support/screens.js";

const home = house();
home.prepare(() => home.person("bo", "Bo Lind"));

const OFFLINE = /No connection\. Keep writing/;

async function onTheLine() {
  const ana = await home.page(home.people.ana, { path: null });
  const wire = await line(ana.context());
  await ana.goto(`${home.url}/r/${home.lobby.id}`);
  await see(composer(ana));
  const bo = await home.page(home.people.bo);
  await see(composer(bo));
  return { ana, bo, wire };
}

/** What the room's log holds of these texts, each with how often. */
async function times(...texts) {
  const { events } = await home.people.ana.api.get(`rooms/${home.lobby.id}/events?after=0&limit=1000`);
  return texts.map((text) => events.filter((event) => event.text === text).length);
}

home.scene("the line breaks: it is said quietly, one writes on, all is sent once and in order", async () => {
  const { ana, bo, wire } = await onTheLine();
  await say(ana, "on the line");
  await see(words(bo, "on the line"));
  await wire.cut();
  await see(ana.getByText(OFFLINE));

  await say(ana, "queued one");
  await say(ana, "queued two");
  await see(ana.getByText("2 messages wait for the connection"));
  await say(bo, "missed one");
  await say(bo, "missed two");
  await eventually(async () => assert.deepEqual(await times("queued one", "missed two"), [0, 1]));

  await wire.mend();
  await gone(ana.getByText(OFFLINE));
  for (const text of ["missed one", "missed two", "queued one", "queued two"]) {
    await see(words(ana, text));
    await see(words(bo, text));
  }
  assert.deepEqual(await times("queued one", "queued two"), [1, 1]);
  // One order for everybody.
  const order = (page) =>
    log(page).evaluate((node) =>
      [...node.textContent.matchAll(/(?:missed|queued) (?:one|two)/g)].map(([text]) => text),
    );
  await eventually(async () => assert.deepEqual(await order(ana), await order(bo)));
  await gone(ana.getByText(/wait for the connection/));
});

home.scene(
  "who took another name meanwhile has it once the line is back, and so has the community",
  async () => {
    const { ana, bo, wire } = await onTheLine();
    await say(bo, "call me what you like");
    await see(words(ana, "call me what you like"));
    await wire.cut();
    await see(ana.getByText(OFFLINE));
    await home.people.bo.api.patch("me", { name: "Bo Lindqvist" });
    const { name } = await home.people.bo.api.get("server");
    await home.people.ana.api.patch("server", { name: "The Long Night" });
    await wire.mend();
    await see(log(ana).getByText("Bo Lindqvist").first());
    await see(ana.getByText("The Long Night").first());
    await home.people.bo.api.patch("me", { name: "Bo Lind" });
    await home.people.ana.api.patch("server", { name });
  },
);

home.scene("a reload while messages wait loses none of them", async () => {
  const { ana, bo, wire } = await onTheLine();
  await wire.cut();
  await see(ana.getByText(OFFLINE));
  await say(ana, "kept over a reload");
  await see(ana.getByText("1 message waits for the connection"));
  await wire.mend();
  await ana.reload();
  await see(words(bo, "kept over a reload"));
  await count(words(ana, "kept over a reload"), 1);
  assert.deepEqual(await times("kept over a reload"), [1]);
});

home.scene("the answer is lost, the message is not doubled", async () => {
  const { ana, bo, wire } = await onTheLine();
  wire.hold();
  await say(ana, "did it arrive?");
  await see(words(bo, "did it arrive?"));
  await wire.cut();
  wire.release();
  await wire.mend();
  await gone(ana.getByText(OFFLINE));
  await eventually(async () => assert.equal(await ana.getByText("Sending", { exact: true }).count(), 0));
  await say(ana, "and this?");
  await see(words(bo, "and this?"));
  await count(words(ana, "did it arrive?"), 1);
  await count(words(bo, "did it arrive?"), 1);
  assert.deepEqual(await times("did it arrive?", "and this?"), [1, 1]);
});

home.scene("the server is killed in mid-talk; all that was sent is there, once", async () => {
  const { ana, bo } = await onTheLine();
  const room = await home.people.ana.api.post("rooms", { name: "Storm" });
  await home.people.bo.api.post(`rooms/${room.id}/members`);
  await enter(ana, "Storm");
  await enter(bo, "Storm");
  const said = [];
  for (let turn = 1; turn <= 3; turn += 1) {
    for (const [page, who] of [
      [ana, "Ana"],
      [bo, "Bo"],
    ]) {
      const text = `${who} says ${turn}`;
      said.push(text);
      await say(page, text);
    }
    await home.program.kill();
    for (const [page, who] of [
      [ana, "Ana"],
      [bo, "Bo"],
    ]) {
      const text = `${who} says ${turn} in the dark`;
      said.push(text);
      await say(page, text);
    }
    await home.program.up();
  }
  for (const text of said) {
    for (const page of [ana, bo]) await count(words(page, text), 1);
  }
  const { events } = await home.people.ana.api.get(`rooms/${room.id}/events?after=0&limit=1000`);
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, i) => i + 1),
    "seqs without holes",
  );
  const texts = events.filter(({ kind }) => kind === "message").map(({ text }) => text);
  assert.deepEqual([...texts].sort(), [...said].sort());
  await gone(ana.getByText(/wait for the connection|No connection/));
});

home.scene("what was asked for while the line was gone comes by itself once it is back", async () => {
  const { bo } = home.people;
  const room = await bo.api.post("rooms", { name: "Lighthouse" });
  await bo.api.post(`rooms/${room.id}/members`, { users: [home.people.ana.user.id] });
  await bo.api.say(room.id, "the lamp is lit");
  const { ana, wire } = await onTheLine();
  await see(row(ana, "Lighthouse"));
  await wire.cut();
  await enter(ana, "Lighthouse");
  await see(ana.getByText("The messages could not be loaded."));
  await press(ana, /^People: /);
  await see(ana.getByRole("alert").filter({ hasText: "The server does not answer" }));
  await press(ana, "Emoji");
  await count(ana.getByRole("alert").filter({ hasText: "The server does not answer" }), 2);

  await wire.mend();
  await see(words(ana, "the lamp is lit"));
  await see(ana.getByRole("complementary", { name: "People" }).getByRole("button", { name: /^Bo Lind/ }));
  await see(ana.getByPlaceholder("Find an emoji"));
  // With what makes it look as it should.
  const bare = () =>
    ana
      .locator("link[rel=stylesheet]")
      .evaluateAll((links) => links.filter((it) => !it.sheet).map((it) => it.href));
  await eventually(async () => assert.deepEqual(await bare(), []));
  await eventually(async () => {
    const { display } = await ana
      .getByPlaceholder("Find an emoji")
      .evaluate((it) => ({ display: getComputedStyle(it.closest("[popover]").firstElementChild).display }));
    assert.notEqual(display, "block");
  });
});

home.scene("a list that did not come while the line was gone comes when it is back", async () => {
  const { ana, wire } = await onTheLine();
  await press(ana, /^People: /);
  const panel = ana.getByRole("complementary", { name: "People" });
  await see(panel.getByRole("button", { name: /^Bo Lind/ }));
  await wire.cut();
  await see(ana.getByText(OFFLINE));
  await panel.getByLabel("Find a person").fill("bo");
  await see(panel.getByRole("button", { name: "Try again" }));
  await wire.mend();
  await gone(panel.getByRole("button", { name: "Try again" }));
  await see(panel.getByRole("button", { name: /^Bo Lind/ }));
});

home.scene("a draft that is sent while the line is gone is no draft any more", async () => {
  const { ana, bo, wire } = await onTheLine();
  await enter(bo, "Lobby");
  const draft = async () => (await home.people.ana.api.get(`rooms/${home.lobby.id}`)).draft ?? "";
  await composer(ana).fill("please water the beds");
  await eventually(async () => assert.equal(await draft(), "please water the beds"));
  await wire.cut();
  await see(ana.getByText(OFFLINE));
  const failed = ana.waitForEvent("requestfailed", (it) => it.url().endsWith("/draft"));
  await composer(ana).press("Enter");
  await failed;
  assert.equal(await draft(), "please water the beds");
  await wire.mend();
  await see(words(bo, "please water the beds"));
  await eventually(async () => assert.equal(await draft(), ""));
});

home.scene("what I did on another device while the line was gone is so here once it is back", async () => {
  const api = home.people.ana.api;
  const room = await api.post("rooms", { name: "Compost" });
  await api.put(`rooms/${room.id}/draft`, { text: "half of a thought" });
  const { ana, wire } = await onTheLine();
  await enter(ana, "Compost");
  await eventually(async () => assert.equal(await composer(ana).inputValue(), "half of a thought"));
  await enter(ana, "Lobby");
  await wire.cut();
  await see(ana.getByText(OFFLINE));
  await api.say(room.id, "all of a thought");
  await api.put(`rooms/${room.id}/draft`, { text: "" });
  await api.put(`rooms/${room.id}/level`, { level: "nothing" });
  await wire.mend();
  await gone(ana.getByText(OFFLINE));
  await eventually(async () =>
    assert.match((await row(ana, "Compost").getAttribute("class")) ?? "", /hushed/),
  );
  await enter(ana, "Compost");
  await eventually(async () => assert.equal(await composer(ana).inputValue(), ""));
});

home.scene("what was written too late for a room is shown where the room was", async () => {
  const { ana: her, bo: him } = home.people;
  const room = await him.api.post("rooms", { name: "Night shift", private: true });
  await him.api.post(`rooms/${room.id}/members`, { users: [her.user.id] });
  const { ana, wire } = await onTheLine();
  await enter(ana, "Night shift");
  await wire.cut();
  await see(ana.getByText(OFFLINE));
  await say(ana, "I can take Tuesday");
  await him.api.delete(`rooms/${room.id}/members/${her.user.id}`);
  await wire.mend();
  await see(ana.getByText("This could not be sent any more:"));
  await see(ana.getByText("I can take Tuesday"));
  await healthy(ana, "written too late");
  await ana.reload();
  await see(ana.getByText("I can take Tuesday"));
  await press(ana, "Throw away");
  await gone(ana.getByText("I can take Tuesday"));
});

home.scene("a room whose answer fails comes with the next one", async () => {
  const { ana: her, bo: him } = home.people;
  const room = await him.api.post("rooms", { name: "Allotments" });
  const ana = await home.page(her);
  await see(composer(ana));
  let failed = 0;
  await ana.route(`**/api/v1/rooms/${room.id}`, (route) => {
    failed += 1;
    return failed > 1 ? route.continue() : route.fulfill({ status: 503, json: { code: "busy" } });
  });
  await ana.evaluate((path) => {
    history.pushState(null, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
  }, `/r/${room.id}`);
  await see(ana.getByRole("heading", { name: "Allotments" }));
  assert.equal(failed, 2);
});
