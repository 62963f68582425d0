// The pictures of README and docs, taken from the demo community in a real browser, so that they never show what is not so.
//   node pictures/take.js [NAME]…
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { Api, PASSWORD } from "../support/api.js";
import { see } from "../support/house.js";
import { binary, Program } from "../support/program.js";
import { composer } from "../support/screens.js";

const out = resolve(import.meta.dirname, "../../docs/pictures");

/** Each picture: whose screen it is, what it is of, and what is done before it is taken. */
const PICTURES = [
  { name: "room", room: "Website" },
  { name: "thread", room: "Website", dark: true, act: openThread },
  { name: "activity", path: "/activity", room: "Website" },
  { name: "phone", room: "Print room", phone: true },
];

const chosen = process.argv.slice(2);
const program = await Program.start({
  prepare: (data) => execFileSync(binary(), ["demo", "--data", data, "--password", PASSWORD]),
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  for (const picture of PICTURES.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
    await take(picture);
    console.log(`docs/pictures/${picture.name}.png`);
  }
} finally {
  await browser.close();
  await program.close();
}

/** The newest thread of the room, at its side. */
async function openThread(page, { api, at }) {
  const { messages } = await api.get(`rooms/${at.id}/messages?limit=200`);
  const root = messages.findLast((message) => message.replies > 1);
  const { messages: replies } = await api.get(`rooms/${at.id}/messages/${root.seq}/thread`);
  await page.goto(`/r/${at.id}/${replies.at(-1).seq}`);
  await see(page.getByRole("log").nth(1));
}

async function take({ name, who = "maren", room, path, dark = false, phone = false, act }) {
  const anonymous = new Api(program.url);
  const { token } = await anonymous.post("sessions", { username: who, password: PASSWORD });
  const api = new Api(program.url, token);
  const { rooms } = await api.get("rooms");
  const at = rooms.find((one) => one.name === room);
  const context = await browser.newContext({
    baseURL: program.url,
    locale: "en-GB",
    viewport: phone ? { width: 390, height: 780 } : { width: 1280, height: 800 },
    deviceScaleFactor: phone ? 2 : 1,
    hasTouch: phone,
    isMobile: phone,
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  await context.addCookies([{ name: "parlour_session", value: token, url: program.url }]);
  const page = await context.newPage();
  await page.goto(path ?? `/r/${at.id}`);
  if (!path) await see(composer(page));
  await act?.(page, { api, rooms, at });
  await page.waitForLoadState("networkidle");
  // No caret, no pointer: nobody is about to write.
  await page.evaluate(() => document.activeElement?.blur?.());
  await page.screenshot({ path: join(out, `${name}.png`) });
  await context.close();
}
