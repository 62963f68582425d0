// The talk stays where one reads it while more of it comes, above and below.
import assert from "node:assert/strict";
import { eventually, house, see } from "../support/house.js";
import { composer, log } from "../support/screens.js";

const home = house();
let room;
const SAID = 400;
home.prepare(async () => {
  const bo = await home.person("bo", "Bo Lind");
  room = await bo.api.post("rooms", { name: "Long haul" });
  await home.people.ana.api.post(`rooms/${room.id}/members`);
  for (let n = 0; n < SAID; n += 20)
    await Promise.all(Array.from({ length: 20 }, (_, i) => bo.api.say(room.id, `post ${n + i}`)));
});

const still = (page) =>
  eventually(async () => assert.equal(await log(page).getAttribute("aria-busy"), "false"));
const scroll = (page, way) =>
  log(page).evaluate((box, end) => {
    box.scrollTop = end ? box.scrollHeight : 0;
  }, way === "after");
/** How much lies above the edge of the screen, and below the other. */
const around = (page) =>
  log(page).evaluate((box) => ({
    before: box.scrollTop,
    after: box.scrollHeight - box.scrollTop - box.clientHeight,
  }));
/** The first message on the screen. */
const first = (page) =>
  log(page).evaluate((box) => {
    const { top } = box.getBoundingClientRect();
    const rows = [...box.querySelectorAll("[data-said]")];
    return rows.find((row) => row.getBoundingClientRect().bottom > top).dataset.seq;
  });
/** Where it is now. */
const topOf = async (page, seq) =>
  Math.round((await log(page).locator(`[data-seq="${seq}"]`).boundingBox()).y);
/** Keeps back the pages that go on in one direction; answers how many were asked for. */
async function hold(page, way) {
  const asked = [];
  let open = false;
  await page.route(new RegExp(`/messages\\?.*${way}=`), (route) => {
    asked.push(route);
    if (open) return route.continue();
  });
  return {
    asked,
    release() {
      open = true;
      return Promise.all(asked.map((route) => route.continue()));
    },
  };
}
/** Nothing is under way, nor begins with what was drawn last. */
async function rests(page) {
  await still(page);
  await page.evaluate(() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))));
  await still(page);
}

/** Goes to where more comes: what is read stays where it is, and no more is asked for than one looks at. */
async function goesOn(page, way) {
  const more = await hold(page, way);
  await scroll(page, way);
  await eventually(async () => assert.equal(more.asked.length, 1));
  const reading = await first(page);
  const top = await topOf(page, reading);
  await more.release();
  await eventually(async () => assert.ok((await around(page))[way] > 1000, "it stands beside what is read"));
  await rests(page);
  assert.equal(await topOf(page, reading), top);
  assert.equal(more.asked.length, 1, "nobody looked for yet more");
}

home.scene("older messages come above the one that is read, and no more than one looks at", async () => {
  const { ana } = home.people;
  await ana.api.post("me/read", {});
  const page = await home.page(ana, { path: `/r/${room.id}` });
  await see(composer(page));
  await see(log(page).getByText(`post ${SAID - 1}`, { exact: true }));
  // So much is in hand above what one sees.
  const ahead = () => log(page).evaluate((box) => box.scrollTop / box.clientHeight);
  await eventually(async () => assert.ok((await ahead()) >= 2.5));
  await rests(page);
  await goesOn(page, "before");
});

home.scene("newer messages come below the one that is read, and are not read by that", async () => {
  const { ana } = home.people;
  await ana.api.put(`rooms/${room.id}/read`, { seq: 5, unread: true });
  const page = await home.page(ana, { path: `/r/${room.id}/50` });
  await see(composer(page));
  await see(log(page).locator('[data-seq="50"]'));
  await rests(page);
  await goesOn(page, "after");
  const { unread } = await ana.api.get(`rooms/${room.id}`);
  assert.ok(unread > 200, `${unread} are still to be read`);
});
