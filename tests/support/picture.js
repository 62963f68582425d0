// Takes README's picture: the demo community, in a real browser. node tests/support/picture.js
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { binary, Program } from "./program.js";

const out = resolve(import.meta.dirname, "../../docs/pictures/room.png");
const PASSWORD = "only for a picture";
const program = await Program.start();
let browser;
try {
  await program.stop();
  const told = execFileSync(binary(), ["demo", "--data", program.data, "--password", PASSWORD], {
    encoding: "utf8",
  });
  process.stdout.write(told);
  await program.up();
  const username = process.argv[2] ?? /\b(?:as|user|name)\W+([a-z0-9._-]+)/i.exec(told)?.[1];
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    colorScheme: "light",
  });
  await page.goto(program.url);
  await page.getByLabel("Name", { exact: true }).fill(username);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("log").getByRole("article").last().waitFor();
  await page.screenshot({ path: out });
  process.stdout.write(`${join("docs", "pictures", "room.png")}\n`);
} finally {
  await browser?.close();
  await program.close();
}
