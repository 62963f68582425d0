// Whether a page has all of itself: its scripts come in two helpings, the second once it has nothing else to do. One that is cut off
// on its way does not come again in that page, and one that is not there yet hears nothing.
import assert from "node:assert/strict";
import { eventually } from "./eventually.js";

const coming = new WeakMap();

/** Call for each new page. */
export function watch(page) {
  const under = new Set();
  coming.set(page, under);
  page.on("request", (it) => /\/assets\//.test(it.url()) && under.add(it));
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, (it) => under.delete(it));
}

/** Waits until all has come that the page fetches by itself. */
export async function whole(page) {
  await page.waitForFunction(() =>
    performance
      .getEntriesByType("resource")
      .some(({ name, responseEnd }) => /\/heard-/.test(name) && responseEnd > 0),
  );
  // What came is run before the page answers, and may ask for more.
  let before = -1;
  let still = 0;
  await eventually(async () => {
    const now = await page.evaluate(() => performance.getEntriesByType("resource").length);
    still = now === before && coming.get(page).size === 0 ? still + 1 : 0;
    before = now;
    assert.ok(still > 5, "its scripts are still on their way");
  });
}
