// A server, a browser and the people who use them: what every browser test begins with.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { register } from "./api.js";
import { eventually, PATIENCE } from "./eventually.js";
import { instrument } from "./instrument.js";
import { Program } from "./program.js";
import { watch } from "./whole.js";

export { eventually };

const out = resolve(import.meta.dirname, "../out");

/**
 * Opens a house before the tests of a file and closes it after them. Its server has an owner, `ana`, and the
 * room Lobby, unless `empty`. `args` are more of the browser's own.
 */
export function house({ empty = false, args = [], ...options } = {}) {
  const house = new House();
  before(async () => {
    house.program = await Program.start(options);
    house.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--autoplay-policy=no-user-gesture-required",
        ...args,
      ],
    });
    if (empty) return;
    await house.person("ana", "Ana Ferreira");
    const { rooms } = await house.people.ana.api.get("rooms");
    house.lobby = rooms.find((room) => room.name === "Lobby");
    assert.ok(house.lobby, "the first account finds a room to talk in");
    await house.made?.();
  });
  after(async () => {
    await house.browser?.close();
    await house.program?.close();
  });
  return house;
}

class House {
  people = {};
  pages = new Set();
  /** What pages complained of, that no test expects. */
  complaints = [];

  /** What else has to be there before the tests of a file. */
  prepare(make) {
    this.made = make;
  }

  get url() {
    return this.program.url;
  }

  /** Makes an account by the interface. */
  async person(username, name = username, more) {
    const person = await register(this.url, username, name, more);
    this.people[username] = person;
    return person;
  }

  /** A browser of its own, logged in as `person`, or as nobody. */
  async page(
    person,
    { path = "/", permissions = ["notifications", "clipboard-read", "clipboard-write"], ...options } = {},
  ) {
    const context = await this.browser.newContext({
      baseURL: this.url,
      locale: "en-GB",
      timezoneId: "Europe/Lisbon",
      viewport: { width: 1280, height: 800 },
      reducedMotion: "reduce",
      permissions,
      ...options,
    });
    context.setDefaultTimeout(PATIENCE);
    await context.addInitScript(instrument);
    if (person)
      await context.addCookies([{ ...person.cookie, url: this.url, httpOnly: true, sameSite: "Lax" }]);
    return this.tab(context, path);
  }

  /** One more tab of the same browser. */
  async tab(context, path = "/") {
    const page = await context.newPage();
    this.pages.add(page);
    watch(page);
    page.on("close", () => this.pages.delete(page));
    page.on("pageerror", (error) => this.complaints.push(`${page.url()}: ${error.stack}`));
    page.on("console", (message) => {
      // The browser itself notes each request that fails while a server is down or refuses input.
      const expected =
        /Failed to load resource|WebSocket connection to|ERR_CONNECTION|ERR_INTERNET_DISCONNECTED/;
      if (message.type() === "error" && !expected.test(message.text())) {
        this.complaints.push(`${page.url()}: ${message.text()}`);
      }
    });
    if (path) await page.goto(new URL(path, this.url).href);
    return page;
  }

  /** A test that leaves pictures of its pages in tests/out when it fails, and closes them. */
  scene(name, run) {
    test(name, { timeout: 240_000 }, async (t) => {
      this.complaints.length = 0;
      try {
        await run(t);
        assert.deepEqual(this.complaints, [], "no page complains");
      } catch (error) {
        await this.photograph(name);
        throw error;
      } finally {
        for (const page of [...this.pages]) await page.context().close();
      }
    });
  }

  async photograph(name) {
    await mkdir(out, { recursive: true });
    const stem = name.replace(/\W+/g, "-").toLowerCase();
    for (const [i, page] of [...this.pages].entries()) {
      await page.screenshot({ path: join(out, `${stem}-${i + 1}.png`), timeout: 5_000 }).catch(() => {});
    }
  }
}

/** Waits until it can be seen. */
export const see = (locator) => locator.first().waitFor({ state: "visible" });
/** Waits until it cannot be seen (any more). */
export const gone = (locator) => locator.first().waitFor({ state: "hidden" });
/** Waits until there are exactly `n`. */
export const count = (locator, n) =>
  eventually(async () => assert.equal(await locator.count(), n, String(locator)));
/** Waits until its text matches. */
export const reads = (locator, pattern) =>
  eventually(async () => assert.match(await locator.innerText(), pattern));
