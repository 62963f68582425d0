import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import { line } from "../support/line.js";
import { composer, composerOf, log, press, row, sidebar, words } from "../support/screens.js";

const home = house();
let room;
let secret;
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  await home.person("cleo", "Cleo Marsh");
  const { ana, bo, cleo } = home.people;
  room = await bo.api.post("rooms", { name: "Print room" });
  for (const person of [ana, cleo]) await person.api.post(`rooms/${room.id}/members`);
  secret = await bo.api.post("rooms", { name: "Back office", private: true });
});

const panel = (page) => page.getByRole("complementary", { name: "Thread" });
const replies = (page) => panel(page).getByRole("log", { name: "Thread" });
const reply = (page) => panel(page).getByLabel("Reply in this thread");
const summary = (page, text) =>
  log(page)
    .first()
    .getByRole("article")
    .filter({ hasText: text })
    .getByRole("button", { name: /repl(y|ies)/ });
const entry = (page) => sidebar(page).getByRole("link", { name: /^Threads/ });
const unread = (page, pattern) =>
  eventually(async () => assert.match(await entry(page).innerText(), pattern));
const quiet = (page) => eventually(async () => assert.doesNotMatch(await entry(page).innerText(), /unread/));
const at = (page, where) => home.page(page, { path: where });

/** Whatever was before is read. */
const begin = () => Promise.all(Object.values(home.people).map(({ api }) => api.post("me/read", {})));

home.scene(
  "a reply opens at the side, is in pencil and then in ink, and counts for nobody in the room",
  async () => {
    const { ana, bo, cleo } = home.people;
    const root = await ana.api.say(room.id, "grey paper or white?");
    await begin();
    const [desk, other, third] = [
      await at(ana, `/r/${home.lobby.id}`),
      await at(bo, `/r/${room.id}`),
      await at(cleo, `/r/${home.lobby.id}`),
    ];
    await see(composerOf(desk, "Lobby"));
    await see(words(other, "grey paper or white?"));
    // By the keyboard: the message has the focus, T replies to it.
    await words(other, "grey paper or white?").click();
    await log(other).getByRole("article").filter({ hasText: "grey paper" }).focus();
    await other.keyboard.press("t");
    await see(reply(other));
    await eventually(async () =>
      assert.ok(await reply(other).evaluate((it) => it === document.activeElement)),
    );
    await other.keyboard.type("grey, with the green ink");
    await other.keyboard.press("Enter");
    await see(replies(other).getByText("grey, with the green ink"));
    await see(summary(other, "grey paper"));
    // It stands in the thread alone.
    assert.equal(await log(other).first().getByText("grey, with the green ink").count(), 0);

    // Who began it follows it from the first reply on; the room stays read; who has nothing to do with it hears nothing.
    await unread(desk, /1 unread thread/);
    assert.match(await desk.title(), /^• /);
    await eventually(async () => assert.doesNotMatch(await row(desk, "Print room").innerText(), /unread/));
    await see(composerOf(third, "Lobby"));
    assert.doesNotMatch(await entry(third).innerText(), /unread/);
    assert.doesNotMatch(await third.title(), /^[•(]/);

    // Read on the one device, it is read on all.
    const phone = await at(ana, `/r/${home.lobby.id}`);
    await unread(phone, /1 unread thread/);
    await desk.goto(`${home.url}/r/${room.id}`);
    await summary(desk, "grey paper").click();
    await see(replies(desk).getByText("grey, with the green ink"));
    await see(replies(desk).getByText("New", { exact: true }));
    for (const colorScheme of ["dark", "light"]) {
      await desk.emulateMedia({ colorScheme });
      await healthy(desk, `threads, ${colorScheme}`);
    }
    for (const page of [desk, phone]) await quiet(page);
    const { thread } = await ana.api.get(`rooms/${room.id}/messages/${root.seq}/thread`);
    assert.equal(thread.unread, 0);

    // Escape gives the focus back to where it came from.
    await panel(desk)
      .getByRole("heading", { name: /Thread/ })
      .focus();
    await desk.keyboard.press("Escape");
    await gone(panel(desk));
  },
);

home.scene("the first reply that a room ever had shows below its message at once", async () => {
  const { ana, bo } = home.people;
  const fresh = await bo.api.post("rooms", { name: "Seed bank" });
  await ana.api.post(`rooms/${fresh.id}/members`);
  const page = await at(ana, `/r/${fresh.id}`);
  const { seq } = await ana.api.say(fresh.id, "beans or peas?");
  await see(words(page, "beans or peas?"));
  await bo.api.say(fresh.id, "peas", { thread: seq });
  await see(summary(page, "beans or peas?"));
});

home.scene("Up changes what was said last in a thread, also while it is on its way", async () => {
  const { ana, bo } = home.people;
  await ana.api.say(room.id, "who waters the ferns?");
  const page = await home.page(bo, { path: null });
  const wire = await line(page.context());
  await page.goto(`${home.url}/r/${room.id}`);
  await log(page).getByRole("article").filter({ hasText: "who waters the ferns?" }).focus();
  await page.keyboard.press("t");
  await see(reply(page));
  await reply(page).fill("I dit");
  wire.hold();
  await reply(page).press("Enter");
  await see(replies(page).locator('[data-state="pencil"]'));
  await reply(page).press("ArrowUp");
  wire.release();
  const edit = panel(page).getByRole("textbox", { name: "Edit" });
  await eventually(async () => assert.equal(await edit.inputValue(), "I dit"));
  await edit.fill("I did");
  await edit.press("Enter");
  await see(replies(page).getByText("I did", { exact: true }));
});

home.scene("what is said in a thread waits for the line, and is there once", async () => {
  const { ana, bo } = home.people;
  await ana.api.say(room.id, "who has the key?");
  const page = await home.page(bo, { path: null });
  const wire = await line(page.context());
  await page.goto(`${home.url}/r/${room.id}`);
  await see(words(page, "who has the key?"));
  await log(page).getByRole("article").filter({ hasText: "who has the key?" }).hover();
  await log(page).getByRole("article").filter({ hasText: "who has the key?" }).focus();
  await page.keyboard.press("t");
  await see(reply(page));
  await wire.cut();
  await reply(page).fill("under the mat");
  await reply(page).press("Enter");
  await see(replies(page).locator('[data-state="pencil"]'));
  await wire.mend();
  await see(replies(page).locator('[data-state="ink"]').getByText("under the mat"));
  await count(replies(page).getByText("under the mat"), 1);
  // Also sent, it stands in both, and says where it comes from.
  await panel(page).getByLabel("Also send to Print room").check();
  await reply(page).fill("everybody, it is back");
  await reply(page).press("Enter");
  await see(replies(page).getByText("everybody, it is back"));
  await see(log(page).first().getByText("everybody, it is back"));
  assert.equal(await panel(page).getByLabel("Also send to Print room").isChecked(), false);
  await see(log(page).first().getByRole("button", { name: "Reply in a thread" }));
  // What was begun and not sent is there after a reload.
  await reply(page).fill("and one more");
  await page.reload();
  await see(words(page, "who has the key?"));
  await summary(page, "who has the key?").click();
  await eventually(async () => assert.equal(await reply(page).inputValue(), "and one more"));
});

home.scene("mark as unread inside a thread, follow and let go, alike on both devices", async () => {
  const { ana, bo } = home.people;
  await begin();
  const root = await ana.api.say(room.id, "lunch on Friday?");
  await bo.api.say(room.id, "yes please", { thread: root.seq });
  await bo.api.say(room.id, "where, though", { thread: root.seq });
  const [desk, phone] = [await at(ana, `/r/${room.id}`), await at(ana, `/r/${home.lobby.id}`)];
  await unread(phone, /1 unread thread/);
  await summary(desk, "lunch on Friday?").click();
  await see(replies(desk).getByText("where, though"));
  for (const page of [desk, phone]) await quiet(page);

  await replies(desk).getByRole("article").filter({ hasText: "where, though" }).focus();
  await desk.keyboard.press("u");
  for (const page of [desk, phone]) await unread(page, /1 unread thread/);

  await panel(desk).getByRole("button", { name: "Following" }).click();
  await desk.getByRole("menuitem", { name: "Stop following" }).click();
  for (const page of [desk, phone]) await quiet(page);
  await bo.api.say(room.id, "anywhere", { thread: root.seq });
  await see(replies(desk).getByText("anywhere"));
  assert.doesNotMatch(await entry(phone).innerText(), /unread/);
  await panel(desk).getByRole("button", { name: "Follow", exact: true }).click();
  await see(panel(desk).getByRole("button", { name: "Following" }));
  await press(desk, "Close the thread");
  await bo.api.say(room.id, "@ana decide", { thread: root.seq });
  await unread(phone, /1 unread thread/);
  await see(sidebar(phone).getByRole("button", { name: "Go to the first mention: Threads" }));
  assert.match(await phone.title(), /^\(1\)/);
});

home.scene(
  "the list of threads: unread ones apart, a reply right there, one marked as read, none of others",
  async () => {
    const { ana, bo, cleo } = home.people;
    const root = await ana.api.say(room.id, "who prints the posters?");
    await bo.api.say(room.id, "I could", { thread: root.seq });
    const hidden = await bo.api.say(secret.id, "the budget");
    await bo.api.say(secret.id, "canary in the back office", { thread: hidden.seq });
    const page = await at(ana, "/threads");
    const card = page
      .getByRole("article", { name: "Thread in Print room" })
      .filter({ hasText: "who prints the posters?" });
    await see(card.getByText("I could"));
    for (const colorScheme of ["dark", "light"]) {
      await page.emulateMedia({ colorScheme });
      await healthy(page, `threads, ${colorScheme}`);
    }
    await press(page, "Unread");
    await see(card);
    await card.getByRole("button", { name: "Mark as read" }).click();
    await gone(card.getByRole("button", { name: "Mark as read" }));
    // It stays until one asks anew.
    await see(card);
    await press(page, "All");
    await card.getByRole("button", { name: "Reply in this thread" }).click();
    await card.getByLabel("Reply in this thread").fill("thank you");
    await card.getByLabel("Reply in this thread").press("Enter");
    await see(card.getByText("thank you"));
    await bo.api.say(room.id, "by tomorrow", { thread: root.seq });
    await see(card.getByText("by tomorrow"));
    assert.equal(await page.getByText("canary in the back office").count(), 0);

    const nobody = await at(cleo, "/threads");
    await see(nobody.getByText("No threads yet"));
    await healthy(nobody, "threads");
    assert.equal(await nobody.getByText(/posters|canary/).count(), 0);
  },
);

home.scene(
  "a link to a reply opens its thread at that reply; who may not read the room learns nothing",
  async () => {
    const { ana, bo, cleo } = home.people;
    const root = await bo.api.say(secret.id, "the plan for spring");
    const said = await bo.api.say(secret.id, "a canary sang", { thread: root.seq });
    const mine = await at(bo, `/r/${secret.id}/${said.seq}`);
    await see(replies(mine).getByText("a canary sang"));
    await see(log(mine).first().getByText("the plan for spring"));
    await see(replies(mine).locator("article.marked"));
    for (const person of [ana, cleo]) {
      const page = await at(person, `/r/${secret.id}/${said.seq}`);
      await see(page.getByText("There is no such room"));
      assert.equal(await page.getByText("canary").count(), 0);
      await assert.rejects(person.api.get(`rooms/${secret.id}/messages/${root.seq}/thread`));
    }
    assert.ok(await composer(mine).count());
  },
);

home.scene(
  "two people answer each other in a thread of their own, with a file, and a third learns nothing",
  async () => {
    const { ana, bo, cleo } = home.people;
    const direct = await bo.api.post("direct", { users: [ana.user.id] });
    const root = await bo.api.say(direct.id, "shall we sign it?");
    await begin();
    const [mine, other, third] = [
      await at(ana, `/r/${direct.id}`),
      await at(bo, `/r/${home.lobby.id}`),
      await at(cleo, `/r/${home.lobby.id}`),
    ];
    await see(words(mine, "shall we sign it?"));
    await log(mine).getByRole("article").filter({ hasText: "shall we sign" }).focus();
    await mine.keyboard.press("t");
    await see(reply(mine));
    const [chooser] = await Promise.all([
      mine.waitForEvent("filechooser"),
      panel(mine).getByRole("button", { name: "Add files" }).click(),
    ]);
    await chooser.setFiles([
      { name: "contract.zip", mimeType: "application/zip", buffer: Buffer.alloc(500, 7) },
    ]);
    await see(panel(mine).getByRole("list", { name: "Files for this message" }).getByText("contract.zip"));
    await reply(mine).fill("here is mine");
    await reply(mine).press("Enter");
    await see(replies(mine).getByText("contract.zip"));
    await see(summary(mine, "shall we sign"));
    assert.equal(
      await log(mine).first().getByText("contract.zip").count(),
      0,
      "it stands in the thread alone",
    );

    // Who began it is called by the thread; the conversation itself has nothing new.
    await unread(other, /1 unread thread/);
    assert.doesNotMatch(await row(other, "Ana Ferreira").innerText(), /unread/);
    await other.goto(`/r/${direct.id}/${root.seq}`);
    await summary(other, "shall we sign").click();
    await see(replies(other).getByText("here is mine"));
    const [got] = await Promise.all([
      other.waitForEvent("download"),
      replies(other)
        .getByRole("link", { name: /Download/ })
        .first()
        .click(),
    ]);
    assert.equal(got.suggestedFilename(), "contract.zip");
    await quiet(other);

    await bo.api.say(home.lobby.id, "hello all");
    await see(words(third, "hello all"));
    assert.doesNotMatch(await entry(third).innerText(), /unread/);
    assert.equal(await third.getByText(/here is mine|contract/).count(), 0);
    await assert.rejects(cleo.api.get(`rooms/${direct.id}/messages/${root.seq}/thread`));
  },
);
