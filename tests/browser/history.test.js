import assert from "node:assert/strict";
import { eventually, gone, house, see } from "../support/house.js";
import { composer, composerOf, enter, log, press, row, say, words } from "../support/screens.js";

const MANY = 1500;
const home = house();
let room;

home.prepare(async () => {
  const bo = await home.person("bo", "Bo Lind");
  room = await home.people.ana.api.post("rooms", { name: "Long talk" });
  await bo.api.post(`rooms/${room.id}/members`);
  for (let n = 1; n <= MANY; n += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, i) => bo.api.say(room.id, `number ${n + i}`)));
  }
});

const rows = (page) => log(page).getByRole("article").count();
/** The messages whose words can be seen now, and where each begins. */
const visible = (page) =>
  log(page).evaluate((node) => {
    const box = node.getBoundingClientRect();
    return [...node.querySelectorAll("article, [role=article]")]
      .map((row) => ({
        text: /number \d+/.exec(row.textContent)?.[0],
        top: row.getBoundingClientRect().top,
      }))
      .filter(({ text, top }) => text && top >= box.top && top < box.bottom);
  });
const scroller = (page) =>
  log(page).evaluateHandle((node) => {
    for (let at = node; at; at = at.parentElement) {
      if (at.scrollHeight > at.clientHeight + 1 && getComputedStyle(at).overflowY !== "visible") return at;
    }
    return node;
  });

home.scene("scrolling back through a long room neither jumps nor grows without bound", async () => {
  const ana = await home.page(home.people.ana, { path: `/r/${room.id}` });
  await see(composer(ana));
  await eventually(async () => assert.ok((await visible(ana)).length > 3));
  const box = await log(ana).boundingBox();
  await ana.mouse.move(box.x + box.width / 2, box.y + box.height / 2);

  const handle = await scroller(ana);
  let most = 0;
  let seen = new Set();
  for (let turn = 0; turn < 30; turn += 1) {
    const before = await visible(ana);
    await ana.mouse.wheel(0, -600);
    await eventually(async () => {
      // At the upper end of what is loaded the wheel turns in vain until more has come.
      if (await handle.evaluate((node) => node.scrollTop < 1)) await ana.mouse.wheel(0, -600);
      const now = await visible(ana);
      assert.ok(now.length > 0 && now[0].text !== before[0]?.text, "it moves");
    });
    most = Math.max(most, await rows(ana));
    seen = new Set([...seen, ...(await visible(ana)).map(({ text }) => text)]);
  }
  assert.ok(seen.size > 100, `saw ${seen.size} messages`);
  assert.ok(most < 400, `at most a bounded number of rows; there were ${most}`);

  // What stands on the screen stays where it is when more is loaded above it.
  const [first] = await visible(ana);
  await eventually(async () => {
    const now = (await visible(ana)).find(({ text }) => text === first.text);
    assert.ok(now && Math.abs(now.top - first.top) < 4, `${first.text} stays: ${now?.top} / ${first.top}`);
  });
  await handle.dispose();

  await press(ana, "To the newest");
  await eventually(async () => {
    const now = await visible(ana);
    assert.ok(now.length > 0);
  });
});

home.scene("a link leads to a message far back, and the way to the present is one press", async () => {
  const { messages } = await home.people.ana.api.get(`rooms/${room.id}/messages?after=300&limit=1`);
  const far = messages.find((message) => message.text);
  const ana = await home.page(home.people.ana, {
    path: `/r/${room.id}/${far.seq}`,
  });
  await see(words(ana, far.text));
  await home.people.bo.api.say(room.id, "the newest of all");
  assert.equal(await words(ana, "the newest of all").count(), 0);
  await press(ana, /To the newest|new message/);
  await see(words(ana, "the newest of all"));
});

home.scene(
  "what was sent from far back stays with its room, though one goes on to another at once",
  async () => {
    const { messages } = await home.people.ana.api.get(`rooms/${room.id}/messages?after=300&limit=1`);
    const ana = await home.page(home.people.ana, { path: `/r/${room.id}/${messages[0].seq}` });
    await see(words(ana, messages[0].text));
    let held;
    await ana.route(`**/rooms/${room.id}/messages?*`, (route) => {
      if (held) return route.continue();
      held = route;
    });
    await composer(ana).fill("for the long talk alone");
    await composer(ana).press("Enter");
    await eventually(() => assert.ok(held, "the newest messages are asked for first"));
    await enter(ana, "Lobby");
    await held.continue();
    await eventually(async () => {
      const page = await home.people.ana.api.get(`rooms/${room.id}/messages?limit=5`);
      assert.ok(page.messages.some(({ text }) => text === "for the long talk alone"));
    });
    const lobby = await home.people.ana.api.get(`rooms/${home.lobby.id}/messages?limit=5`);
    assert.ok(!lobby.messages.some(({ text }) => text === "for the long talk alone"));
  },
);

home.scene("what one has begun in a room stays there", async () => {
  const ana = await home.page(home.people.ana, { path: `/r/${room.id}` });
  await see(composerOf(ana, "Long talk"));
  await composer(ana).pressSequentially("half a thought");
  await press(ana, "Emoji");
  const picker = ana.getByRole("dialog", { name: "Emoji" });
  await see(picker);
  await ana.evaluate((path) => {
    history.pushState(null, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
  }, `/r/${home.lobby.id}`);
  await see(composerOf(ana, "Lobby"));
  await gone(picker);
  assert.equal(await composer(ana).inputValue(), "");
  await composer(ana).press("Control+z");
  assert.equal(await composer(ana).inputValue(), "", "nor does the field's undo know of it");
  await enter(ana, "Long talk");
  assert.equal(await composer(ana).inputValue(), "half a thought");
});

home.scene("one begins at the first unread, and reaches the present", async () => {
  const api = home.people.ana.api;
  const { messages } = await api.get(`rooms/${room.id}/messages?limit=200`);
  const mark = messages.at(-150);
  await api.put(`rooms/${room.id}/read`, { seq: mark.seq - 1, unread: true });
  const ana = await home.page(home.people.ana, {
    path: `/r/${home.lobby.id}`,
  });
  await row(ana, "Long talk").click();
  await see(log(ana).getByText("New", { exact: true }));
  await see(words(ana, mark.text));
  await press(ana, /To the newest|new message/);
  await gone(row(ana, "Long talk").getByText(/unread/));
  await eventually(async () => {
    const { rooms } = await api.get("rooms");
    assert.equal(rooms.find(({ id }) => id === room.id).unread, 0);
  });
  await say(ana, "all read");
});

home.scene("new messages do not tear one away from what one reads", async () => {
  const ana = await home.page(home.people.ana, { path: `/r/${room.id}` });
  await eventually(async () => assert.ok((await visible(ana)).length > 3));
  const box = await log(ana).boundingBox();
  await ana.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let turn = 0; turn < 3; turn += 1) await ana.mouse.wheel(0, -500);
  await see(ana.getByRole("button", { name: /To the newest|new message/ }));
  const [mark] = await visible(ana);
  await home.people.bo.api.say(room.id, "said meanwhile");
  await see(ana.getByRole("button", { name: /1 new message/ }));
  const now = (await visible(ana)).find(({ text }) => text === mark.text);
  assert.ok(now && Math.abs(now.top - mark.top) < 2, "nothing moved");
  await press(ana, /1 new message/);
  await see(words(ana, "said meanwhile"));
});

home.scene("the page of a room, or of a message, asks for its messages once", async () => {
  const { messages } = await home.people.ana.api.get(`rooms/${room.id}/messages?after=300&limit=1`);
  const { text, seq } = messages[0];
  const ana = await home.page(home.people.ana, { path: `/r/${home.lobby.id}` });
  await see(composer(ana));
  await say(ana, "all that the lobby knows");
  const asked = [];
  ana.on("request", (request) => {
    if (/\/messages\?/.test(request.url())) asked.push(request.url());
  });
  for (const [path, said] of [
    [`/r/${home.lobby.id}`, "all that the lobby knows"],
    [`/r/${room.id}/${seq}`, text],
  ]) {
    asked.length = 0;
    await ana.goto(path);
    await see(words(ana, said));
    await ana.waitForLoadState("networkidle");
    assert.equal(asked.length, 1, asked.join("\n"));
  }
});
