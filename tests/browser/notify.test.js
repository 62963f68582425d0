import assert from "node:assert/strict";
import { eventually, house, see } from "../support/house.js";
import { composer, enter, row, say, words } from "../support/screens.js";
import { whole } from "../support/whole.js";

const home = house();
let room;
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  room = await home.people.bo.api.post("rooms", { name: "Print room" });
  await home.people.ana.api.post(`rooms/${room.id}/members`);
});

const heard = (page) => page.evaluate(() => globalThis.__heard);
const sounds = async (page) => (await heard(page)).sounds.length;
const set = (settings) => home.people.ana.api.patch("me", { settings });
const ALL = {
  soundMessage: true,
  soundMention: true,
  soundSent: true,
  soundReaction: false,
  desktop: true,
};

/** Ana looks at the Lobby; she has touched the page, as browsers want it before they play anything. */
async function listening(settings = ALL) {
  await set(settings);
  const ana = await home.page(home.people.ana, { path: `/r/${home.lobby.id}` });
  await see(composer(ana));
  await composer(ana).click();
  await ana.keyboard.press("Shift");
  // What judges it comes after the first paint. While it is on its way, what was said in front may be heard behind.
  await whole(ana);
  return ana;
}

/** Waits until the page has surely dealt with what was said before. */
async function settled(page) {
  const text = `settled ${Math.random()}`;
  await home.people.bo.api.say(home.lobby.id, text);
  await see(words(page, text));
}

home.scene("a message, a mention and one's own each have a sound that can be turned off", async () => {
  const ana = await listening();
  const bo = home.people.bo.api;
  const louder = async (act) => {
    const before = await sounds(ana);
    // A burst is one sound, so what comes right after another one may stay silent.
    await eventually(async () => {
      await act();
      assert.ok((await sounds(ana)) > before, "it is heard");
    });
  };
  await louder(() => bo.say(room.id, "a message"));
  await louder(() => bo.say(room.id, "@ana a mention"));
  await louder(() => say(ana, "my own"));

  await set({
    ...ALL,
    soundMessage: false,
    soundMention: false,
    soundSent: false,
  });
  await ana.reload();
  await see(composer(ana));
  await composer(ana).click();
  await bo.say(room.id, "not heard");
  await bo.say(room.id, "@ana not heard either");
  await say(ana, "nor this");
  await eventually(async () => assert.match(await row(ana, "Print room").innerText(), /unread/));
  assert.equal(await sounds(ana), 0);
});

home.scene("a hidden tab notifies; one in front does not", async () => {
  const ana = await listening();
  const bo = home.people.bo.api;
  await bo.say(room.id, "in front");
  await settled(ana);
  assert.deepEqual((await heard(ana)).notifications, []);

  await ana.evaluate(() => globalThis.__hide(true));
  await bo.say(room.id, "@ana behind");
  const [note] = await eventually(async () => {
    const { notifications } = await heard(ana);
    assert.equal(notifications.length, 1);
    return notifications;
  });
  assert.match(`${note.title} ${note.body}`, /Bo Lind/);
  assert.match(`${note.title} ${note.body}`, /behind/);
  // The count stands in the title, and in the icon.
  await eventually(async () => assert.match(await ana.title(), /\(\d+\)/));
});

home.scene("do not disturb: neither sound nor notification, and the counts go on", async () => {
  const forever = "9999-01-01T00:00:00.000Z";
  const quiet = { zone: "", days: [], keywords: [] };
  await home.people.ana.api.put("me/quiet", { ...quiet, until: forever });
  const ana = await listening();
  await ana.evaluate(() => globalThis.__hide(true));
  await home.people.bo.api.say(room.id, "@ana are you there?");
  await eventually(async () => assert.match(await row(ana, "Print room").innerText(), /mention/));
  await settled(ana);
  const { sounds, notifications } = await heard(ana);
  assert.deepEqual([sounds.length, notifications.length], [0, 0]);
  await home.people.ana.api.put("me/quiet", quiet);
});

home.scene("a room can be set to all, mentions or nothing", async () => {
  const ana = await listening();
  const api = home.people.ana.api;
  const bo = home.people.bo.api;
  await enter(ana, "Print room");
  await enter(ana, "Lobby");
  await ana.evaluate(() => globalThis.__hide(true));
  const notes = async () => (await heard(ana)).notifications.length;

  await api.put(`rooms/${room.id}/level`, { level: "mentions" });
  await settled(ana);
  const before = await notes();
  await bo.say(room.id, "not for her");
  await settled(ana);
  const quiet = (await heard(ana)).notifications.slice(before);
  assert.ok(!quiet.some(({ body }) => /not for her/.test(body ?? "")), JSON.stringify(quiet));
  await bo.say(room.id, "@ana for her");
  await eventually(async () =>
    assert.ok((await heard(ana)).notifications.some(({ body }) => /for her/.test(body ?? ""))),
  );

  await api.put(`rooms/${room.id}/level`, { level: "nothing" });
  await settled(ana);
  await bo.say(room.id, "@ana not even this");
  await settled(ana);
  assert.ok(!(await heard(ana)).notifications.some(({ body }) => /not even this/.test(body ?? "")));
});

home.scene("a reply notifies who follows the thread, and nobody else in the room", async () => {
  await home.people.ana.api.put(`rooms/${room.id}/level`, { level: "all" });
  await home.person("cleo", "Cleo Marsh");
  const bo = home.people.bo.api;
  await bo.post(`rooms/${room.id}/members`, { users: [home.people.cleo.user.id] });
  await home.people.cleo.api.patch("me", { settings: ALL });
  const root = await home.people.ana.api.say(room.id, "where is the ink?");
  const ana = await listening();
  const cleo = await home.page(home.people.cleo, { path: `/r/${home.lobby.id}` });
  await see(composer(cleo));
  const bodies = async (page) => (await heard(page)).notifications.map(({ body }) => body);
  for (const page of [ana, cleo]) await page.evaluate(() => globalThis.__hide(true));

  await bo.say(room.id, "in the cupboard", { thread: root.seq });
  await eventually(async () => assert.ok((await bodies(ana)).includes("in the cupboard")));
  await home.people.ana.api.put(`rooms/${room.id}/messages/${root.seq}/thread/follow`, { level: "nothing" });
  await settled(ana);
  await bo.say(room.id, "or under it", { thread: root.seq });
  await bo.say(room.id, "@cleo do you know?", { thread: root.seq });
  await eventually(async () => assert.ok((await bodies(cleo)).includes("@cleo do you know?")));
  await settled(ana);
  await settled(cleo);
  assert.ok(
    !(await bodies(cleo)).some((body) => /cupboard|under it/.test(body)),
    "she followed nothing then",
  );
  assert.ok(
    !(await bodies(ana)).some((body) => /under it|do you know/.test(body)),
    "she wants nothing of it",
  );
});

home.scene("an emoji to what I wrote is no call, and has a sound only where one wants it", async () => {
  const mine = await home.people.ana.api.say(home.lobby.id, "done");
  const ana = await listening();
  await see(words(ana, "done"));
  const put = (emoji) =>
    home.people.bo.api.put(
      `rooms/${home.lobby.id}/messages/${mine.seq}/reactions/${encodeURIComponent(emoji)}`,
    );
  await ana.evaluate(() => globalThis.__hide(true));
  const before = await heard(ana);
  await put("👍");
  await see(ana.getByText("👍"));
  await set({ ...ALL, soundMessage: false, soundReaction: true });
  await eventually(async () => {
    // Its sound is heard as soon as the setting has reached the page; each time another emoji.
    const emoji = ["🎉", "👏", "🌱", "🔧", "☕"][Math.floor(Math.random() * 5)];
    await home.people.bo.api.delete(
      `rooms/${home.lobby.id}/messages/${mine.seq}/reactions/${encodeURIComponent(emoji)}`,
    );
    await put(emoji);
    assert.ok((await sounds(ana)) > before.sounds.length);
  });
  assert.equal((await heard(ana)).notifications.length, before.notifications.length);
});

home.scene("the icon changes with the count", async () => {
  await home.people.ana.api.put(`rooms/${room.id}/level`, { level: "all" });
  const ana = await listening();
  await enter(ana, "Print room");
  await enter(ana, "Lobby");
  const icon = () => ana.locator("link[rel~=icon]").first().getAttribute("href");
  const before = await icon();
  await home.people.bo.api.say(room.id, "@ana look up");
  await eventually(async () => assert.notEqual(await icon(), before));
  await enter(ana, "Print room");
  await eventually(async () => assert.equal(await icon(), before));
});
