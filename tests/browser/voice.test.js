// A voice message: recorded, listened to, sent, heard by somebody else. The browser's microphone is a made-up one that beeps.
import assert from "node:assert/strict";
import { count, eventually, gone, house, see } from "../support/house.js";
import { button, composer, enter, log, press, row, sidebar } from "../support/screens.js";

const home = house({ args: ["--use-fake-device-for-media-stream"] });
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  await home.people.ana.api.post("rooms", { name: "Garden" });
});

const speaking = (page) => page.getByRole("group", { name: "Voice message", exact: true });
/** Plays what was just recorded; the room's own messages have a button of that name too. */
const listen = (page) => button(speaking(page), "Play");
const voices = async () => {
  const { messages } = await home.people.bo.api.get(`rooms/${home.lobby.id}/messages?limit=100`);
  return messages.flatMap(({ files = [] }) => files.filter(({ voice }) => voice));
};

/** Keeps what the page was given to listen with, for `off`. */
function watched() {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  globalThis.__tracks = [];
  navigator.mediaDevices.getUserMedia = async (want) => {
    const stream = await ask(want);
    globalThis.__tracks.push(...stream.getTracks());
    return stream;
  };
}
const off = (page) =>
  page.evaluate(() => globalThis.__tracks.every(({ readyState }) => readyState === "ended"));

/** Ana's page; `before` runs in it before its own code. */
async function ana(before, given) {
  const page = await home.page(home.people.ana, { path: null, permissions: ["microphone"] });
  if (before) await page.addInitScript(before, given);
  await page.goto(`${home.url}/r/${home.lobby.id}`);
  await see(composer(page));
  return page;
}

/** Speaks for a good second, by the page's own clock. */
async function speak(page) {
  await press(page, "Record a voice message");
  await see(button(page, "Stop"));
  await see(speaking(page).getByText("0:02"));
}

home.scene("recorded, listened to, sent, and there for the other one", async () => {
  const page = await ana();
  const bo = await home.page(home.people.bo);
  await see(composer(bo));
  await speak(page);
  // Where one is after the press is where one can stop.
  await eventually(async () =>
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Stop"),
  );
  await page.keyboard.press("Enter");
  await see(listen(page));
  assert.deepEqual(await voices(), [], "nothing is sent before it is said");

  await listen(page).click();
  const audio = speaking(page).locator("audio");
  // It is short: on a slow machine it would be at its end before it can be paused.
  await audio.evaluate((it) => {
    it.playbackRate = 0.25;
  });
  await eventually(async () => assert.ok((await audio.evaluate((it) => it.currentTime)) > 0.2, "it plays"));
  const length = await audio.evaluate((it) => it.duration);
  assert.ok(length > 1.5 && length < 60, `it knows its length: ${length}`);
  await press(page, "Pause playing");
  const position = page.getByRole("slider", { name: "Position" });
  await position.press("End");
  assert.equal(await position.getAttribute("aria-valuenow"), await position.getAttribute("aria-valuemax"));
  await position.press("Home");
  assert.equal(await position.getAttribute("aria-valuenow"), "0");

  await press(page, "Send voice message");
  await gone(speaking(page));
  await see(composer(page));
  await see(log(bo).getByRole("group", { name: /^Voice message/ }));
  const [file, ...more] = await voices();
  assert.deepEqual(more, []);
  assert.ok(file.type.startsWith("audio/"), file.type);
  assert.ok(Math.abs(file.duration_ms - length * 1000) < 500, `${file.duration_ms} ms`);
  assert.ok(file.waveform.length > 8 && file.waveform.length <= 64);
  assert.ok(file.waveform.every((bar) => Number.isInteger(bar) && bar >= 0 && bar <= 31));
  assert.ok(Math.max(...file.waveform) > 0, "it was not silent");
});

home.scene("discarded is gone, and the microphone is off", async () => {
  const page = await ana(watched);
  const before = (await voices()).length;
  await press(page, "Record a voice message");
  await see(button(page, "Stop"));
  assert.equal(await off(page), false);
  await press(page, "Discard");
  await see(composer(page));
  assert.equal(await off(page), true);

  await press(page, "Record a voice message");
  await press(page, "Stop");
  await see(listen(page));
  assert.equal(await off(page), true, "it listens no longer than one speaks");
  await press(page, "Discard");
  await see(composer(page));
  assert.equal((await voices()).length, before);
});

home.scene("what was spoken stays where it was while one is elsewhere", async () => {
  const page = await ana(watched);
  const before = (await voices()).length;
  await speak(page);
  await press(page, "Stop");
  await see(listen(page));
  await enter(page, "Garden");
  await gone(speaking(page));

  // One that still runs ends, and is kept as far as it is.
  await press(page, "Record a voice message");
  await see(button(page, "Stop"));
  await row(page, "Lobby").click();
  await see(listen(page));
  await eventually(async () => assert.equal(await off(page), true, "nothing listens to another room"));
  await sidebar(page).getByRole("link", { name: "Files" }).click();
  await see(page.getByRole("heading", { name: "Files" }));
  await row(page, "Lobby").click();
  await press(page, "Send voice message");
  await see(composer(page));
  await eventually(async () => assert.equal((await voices()).length, before + 1));

  await row(page, "Garden").click();
  await see(listen(page));
  await press(page, "Discard");
  await see(composer(page));
});

home.scene("a page that may not listen says so in its place", async () => {
  for (const [name, told] of [
    ["NotAllowedError", /may not be used here/],
    ["NotFoundError", /No microphone was found/],
  ]) {
    const page = await ana((error) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", error));
    }, name);
    await press(page, "Record a voice message");
    await see(speaking(page).getByText(told));
    await press(page, "Discard");
    await see(composer(page));
  }
});

home.scene("the voice is offered where nothing is written", async () => {
  const page = await ana();
  await see(button(page, "Record a voice message"));
  await composer(page).fill("words");
  await gone(button(page, "Record a voice message"));
  await composer(page).fill("");
  await see(button(page, "Record a voice message"));
  await count(button(page, "Send"), 1);
});
