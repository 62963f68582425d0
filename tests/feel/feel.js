// How the page feels, measured in the browser: how fast a room is there, whether anything stutters while one writes in
// a large room in which others talk, and how a slow phone on a slow line comes into a room for the first time. Prints a table; asserts nothing, for times belong to the machine that they were taken on.
//   node feel/feel.js [--messages N] [--profile debug]
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { Api, PASSWORD } from "../support/api.js";
import { binary, Program } from "../support/program.js";
import { composer, log, sidebar } from "../support/screens.js";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "1000000" },
    profile: { type: "string", default: "release" },
  },
});
const LOBBY = "Lobby";
/** Typed at the pace of somebody fast, while the others write ten messages a second. */
const SENTENCE = "The bread is in the oven, the key is under the mat and nobody has fed the cat. ".repeat(3);
const KEY_EVERY = 40;
const SAID_EVERY = 100;
/** A slow line (ms there and back, bytes a second) and a slow phone, as Lighthouse means them: nothing of the page is kept yet. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };
const SLOWER = 4;
const ARRIVALS = 5;

function furnish(data) {
  const path = binary(values.profile);
  execFileSync(path, ["demo", "--data", data, "--messages", values.messages, "--password", PASSWORD]);
}

/** Runs in the page: presses a row of the sidebar and answers when the room's rows stood, and when they were painted (ms). */
function enter(row) {
  const name = row.getAttribute("href");
  return new Promise((resolve) => {
    const start = performance.now();
    let stood;
    const there = () => location.pathname === name && document.querySelector("[role=log] [data-said]");
    const seen = () => {
      if (!stood && there()) {
        stood = performance.now() - start;
        look.disconnect();
        requestAnimationFrame(() => {
          const after = new MessageChannel();
          after.port1.onmessage = () => resolve({ stood, painted: performance.now() - start });
          after.port2.postMessage(0);
        });
      }
    };
    const look = new MutationObserver(seen);
    look.observe(document.body, { childList: true, subtree: true });
    row.click();
  });
}

/** Runs in the page: notes long tasks, and gaps between frames. */
function watch() {
  const felt = { tasks: [], frames: [] };
  globalThis.__felt = felt;
  new PerformanceObserver((list) =>
    felt.tasks.push(...list.getEntries().map((task) => task.duration)),
  ).observe({
    type: "longtask",
  });
  let last = performance.now();
  const frame = (now) => {
    felt.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** Runs in the page before anything else: notes when its largest part was painted, what moved, how long what was done took. */
function vitals() {
  const felt = { largest: 0, shift: 0, events: [] };
  globalThis.__vitals = felt;
  const see = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  see("largest-contentful-paint", (entry) => {
    felt.largest = entry.startTime;
  });
  see("layout-shift", (entry) => {
    if (!entry.hadRecentInput) felt.shift += entry.value;
  });
  // When a frame was on the screen, a browser without one does not say: the task after the frame stands for it.
  for (const type of ["pointerdown", "pointerup", "click", "keydown", "keyup"]) {
    const shown = ({ timeStamp }) =>
      requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.onmessage = () => felt.events.push(performance.now() - timeStamp);
        after.port2.postMessage(0);
      });
    globalThis.addEventListener(type, shown, { capture: true });
  }
}

/** One who comes for the first time, by a slow phone; then opens the list of rooms, another room, and writes there. */
async function arrive(browser, program, { token }, lobby) {
  const context = await browser.newContext({
    baseURL: program.url,
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await context.addCookies([{ name: "parlour_session", value: token, url: program.url }]);
  await context.addInitScript(vitals);
  const page = await context.newPage();
  const line = await context.newCDPSession(page);
  await line.send("Network.enable");
  await line.send("Network.emulateNetworkConditions", SLOW);
  await line.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.goto(`/r/${lobby.id}`);
  await log(page).locator("[data-said]").first().waitFor();
  await page.waitForLoadState("networkidle");
  const { largest, shift } = await page.evaluate(() => globalThis.__vitals);
  await composer(page).tap();
  await composer(page).pressSequentially("Is the bread done?", { delay: 80 });
  await page.keyboard.press("Enter");
  await page.waitForLoadState("networkidle");
  const { events } = await page.evaluate(() => globalThis.__vitals);
  await context.close();
  return { largest, shift, slowest: Math.max(0, ...events) };
}

/**
 * How long from each key until the frame that shows it is with the compositor (ms), by the browser's own trace. What
 * comes after that a browser without a screen does at its own pace.
 */
function keysUntilFrames(trace) {
  const { traceEvents } = JSON.parse(trace.toString());
  const keys = traceEvents.filter(
    (one) => one.name === "EventDispatch" && one.args?.data?.type === "keydown",
  );
  const commits = traceEvents
    .filter((one) => one.name === "Commit" && one.pid === keys[0]?.pid && one.tid === keys[0]?.tid)
    .sort((a, b) => a.ts - b.ts);
  return keys.flatMap((key) => {
    const shown = commits.find((one) => one.ts >= key.ts + (key.dur ?? 0));
    return shown ? [(shown.ts + (shown.dur ?? 0) - key.ts) / 1000] : [];
  });
}

const sorted = (list) => [...list].sort((a, b) => a - b);
const at = (list, share) => sorted(list)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0;
const ms = (list) => `p50 ${at(list, 0.5).toFixed(1)}  p99 ${at(list, 0.99).toFixed(1)} ms  (${list.length})`;
const rows = [];
const note = (what, measured, aim) => rows.push([what, measured, aim]);

const program = await Program.start({ profile: values.profile, prepare: furnish });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  const person = async (username) => {
    const { token } = await new Api(program.url).post("sessions", { username, password: PASSWORD });
    return { token, api: new Api(program.url, token) };
  };
  const [maren, priya] = [await person("maren"), await person("priya")];
  const context = await browser.newContext({ baseURL: program.url, viewport: { width: 1280, height: 800 } });
  await context.addCookies([{ name: "parlour_session", value: maren.token, url: program.url }]);
  const page = await context.newPage();
  const { rooms } = await maren.api.get("rooms");
  const lobby = rooms.find((room) => room.name === LOBBY);
  await page.goto(`/r/${lobby.id}`);
  await log(page).locator("[data-said]").first().waitFor();
  await page.waitForLoadState("networkidle");

  const links = await sidebar(page).locator("a[href^='/r/']").all();
  const fresh = [];
  const again = [];
  for (const [round, times] of [[0, fresh], ...Array(3).fill([1, again])]) {
    for (const link of links) {
      if (round === 0 && (await link.getAttribute("href")) === `/r/${lobby.id}`) continue;
      times.push(await link.evaluate(enter));
      await page.waitForLoadState("networkidle");
    }
  }
  const part = (list, name) => list.map((one) => one[name]);
  note("a room not visited yet: painted", ms(part(fresh, "painted")), "≤ 100 ms");
  note("a room visited before: its rows stand", ms(part(again, "stood")), "≤ 16 ms");
  note("  and are painted", ms(part(again, "painted")), "");

  await page.goto(`/r/${lobby.id}`);
  await composer(page).click();
  await page.evaluate(watch);
  await browser.startTracing(page, {
    categories: ["devtools.timeline", "disabled-by-default-devtools.timeline"],
  });
  let said = 0;
  const talk = setInterval(() => void priya.api.say(lobby.id, `line ${said++} of somebody else`), SAID_EVERY);
  await composer(page).pressSequentially(SENTENCE, { delay: KEY_EVERY });
  clearInterval(talk);
  const keys = keysUntilFrames(await browser.stopTracing());
  const { tasks, frames } = await page.evaluate(() => globalThis.__felt);
  const where = `in a room of ${values.messages}, writing while ${said} messages come`;
  const late = frames.filter((gap) => gap > 34).length;
  note(`${where}: key to frame`, `p98 ${at(keys, 0.98).toFixed(1)} ms  (${keys.length})`, "≤ 50 ms");
  note("  long tasks (over 50 ms)", `${tasks.length}`, "0");
  note("  frames that came a frame late or more", `${late} of ${frames.length}`, "0");

  const arrivals = [];
  for (let i = 0; i < ARRIVALS; i += 1) arrivals.push(await arrive(browser, program, maren, lobby));
  const slow = `first time, by a phone ${SLOWER} times slower, ${SLOW.latency} ms and 1.6 Mbit/s away`;
  note(
    `${slow}: largest part painted`,
    `p50 ${at(part(arrivals, "largest"), 0.5).toFixed(0)} ms  (${ARRIVALS})`,
    "≤ 1,200 ms",
  );
  note("  what moved by itself", Math.max(...part(arrivals, "shift")).toFixed(3), "≤ 0.02");
  note(
    "  from a key or tap to the next frame, the slowest",
    `p50 ${at(part(arrivals, "slowest"), 0.5).toFixed(0)} ms`,
    "≤ 50 ms",
  );
} finally {
  await browser.close();
  await program.close();
}
const width = Math.max(...rows.map(([what]) => what.length));
for (const [what, measured, aim] of rows)
  console.log(`${what.padEnd(width)}  ${measured.padEnd(36)}  ${aim}`);
