// Messages in Markdown: how they are drawn, and that nothing which somebody writes becomes more than that.
import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, reads, see } from "../support/house.js";
import { composer, log, press, say, words } from "../support/screens.js";

const home = house();
home.prepare(() => home.person("bo", "Bo Lind"));

const bo = (text) => home.people.bo.api.say(home.lobby.id, text);
const LONG = Array.from({ length: 30 }, (_, i) => `step(${i + 1});`).join("\n");
const ALL = [
  "# The plan\n**We ship** on *Friday*, not ~~Thursday~~: run `bin/test`, see [the docs](https://parlour.example/docs).",
  "- [x] write it\n- [ ] draw it\n\n1. one\n2. two\n   - inner\n\n> as was said\n> in two lines",
  "| What | Cost |\n|---|--:|\n| Rent | 1,200 |\n| Tea | 35 |",
  '```rust\nfn main() {\n    println!("hello"); // a comment that is long enough to need some scrolling in a narrow window, and more\n}\n```',
  "The sum is $a^2 + b^2$, or\n$$\\int_0^1 x\\,dx = \\frac{1}{2}$$",
  "It was ||the gardener||, you know.",
];

home.scene("what one writes in Markdown others read as it was meant, by day and by night", async () => {
  const ana = await home.page(home.people.ana);
  const reader = await home.page(home.people.bo, { colorScheme: "dark" });
  await see(composer(ana));
  await see(composer(reader));
  for (const text of ALL) {
    await composer(ana).fill(text);
    await composer(ana).press("Control+Enter");
  }
  for (const page of [ana, reader]) {
    const said = log(page);
    await see(said.getByRole("heading", { name: "The plan" }));
    await see(said.locator("strong", { hasText: /^We ship$/ }));
    await see(said.locator("del", { hasText: "Thursday" }));
    await see(said.locator("code", { hasText: "bin/test" }));
    assert.equal(
      await said.getByRole("link", { name: "the docs" }).getAttribute("href"),
      "https://parlour.example/docs",
    );
    await see(said.getByRole("listitem").filter({ has: page.getByRole("img", { name: "Done" }) }));
    await see(said.getByRole("listitem").filter({ has: page.getByRole("img", { name: "To do" }) }));
    await see(said.locator("ol li ul li", { hasText: "inner" }));
    await see(said.locator("blockquote", { hasText: "as was said" }));
    await see(said.getByRole("cell", { name: "1,200" }));
    await see(said.getByRole("group", { name: "Code in Rust" }).locator("[data-hue]"));
    await count(said.locator("math"), 2);
    await healthy(page, "messages in markup");
  }
});

home.scene("names are called inside markup as well, and not from code or from links", async () => {
  const ana = await home.page(home.people.ana);
  await see(composer(ana));
  await bo("- **@ana**, look\n- `@ana` is no call, [nor @ana](https://x.example)");
  await see(log(ana).locator("li strong mark", { hasText: "@ana" }));
  await count(log(ana).locator("code mark, a mark"), 0);
});

home.scene("a page of markup stands at its size from its first frame on", async () => {
  for (const text of ALL) await bo(text);
  await bo("the last of them");
  const ana = await home.page(home.people.ana, { path: null });
  await ana.addInitScript(() => {
    const first = new Map();
    globalThis.__moved = [];
    const look = () => {
      for (const row of document.querySelectorAll("[data-said]")) {
        const now = row.offsetHeight;
        const then = first.get(row.dataset.key);
        if (then === undefined) first.set(row.dataset.key, now);
        else if (then !== now) globalThis.__moved.push([row.textContent.slice(0, 40), then, now]);
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await ana.goto(home.url);
  await see(words(ana, "the last of them"));
  await see(log(ana).locator("math"));
  await see(log(ana).getByRole("group", { name: "Code in Rust" }).last().locator("[data-hue]"));
  assert.deepEqual(await ana.evaluate(() => globalThis.__moved), []);
});

home.scene("my pencil turns to ink in its place, and the end stays before my eyes", async () => {
  const ana = await home.page(home.people.ana);
  await see(composer(ana));
  await ana.evaluate(() => {
    new MutationObserver(() => {
      const row = [...document.querySelectorAll("[data-said]")].find((it) =>
        it.textContent.includes("**in ink**"),
      );
      if (row) globalThis.__pencil ??= { row, key: row.dataset.key, state: row.dataset.state };
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  await composer(ana).fill("- now **in ink**\n- and\n- taller");
  await composer(ana).press("Enter");
  await see(log(ana).locator("strong", { hasText: "in ink" }));
  const same = await ana.evaluate(() => {
    const { row, key, state } = globalThis.__pencil;
    return {
      state,
      same: row.isConnected && row.dataset.key === key,
      ink: row.querySelector("strong") !== null,
    };
  });
  assert.deepEqual(same, { state: "pencil", same: true, ink: true });
  const end = () => log(ana).evaluate((it) => it.scrollHeight - it.scrollTop - it.clientHeight);
  await eventually(async () => assert.ok((await end()) < 2));
});

home.scene("an edit is drawn by its new markup, for everybody", async () => {
  const { seq } = await home.people.bo.api.say(home.lobby.id, "a **first** word");
  const ana = await home.page(home.people.ana);
  await see(log(ana).locator("strong", { hasText: "first" }));
  await home.people.bo.api.patch(`rooms/${home.lobby.id}/messages/${seq}`, { text: "a *second* word" });
  await see(log(ana).locator("em", { hasText: "second" }));
  await count(log(ana).locator("strong", { hasText: "first" }), 0);
  await see(log(ana).locator(`[data-seq="${seq}"]`).getByText("(edited)"));
});

home.scene("what is covered is read by those who ask to, by key as well", async () => {
  await bo("It was ||the butler, of course||!");
  const ana = await home.page(home.people.ana);
  const row = log(ana).locator("[data-said]", { hasText: "It was" }).last();
  const cover = row.getByRole("button", { name: "Spoiler: press to show it" });
  await see(cover);
  await count(row.getByText("the butler, of course").filter({ visible: true }), 0);
  assert.doesNotMatch(await row.ariaSnapshot(), /butler/);
  await cover.focus();
  await ana.keyboard.press("Enter");
  await see(row.getByText("the butler, of course"));
  await count(cover, 0);
});

home.scene("a long block of code is folded, unfolds downwards, and is copied whole", async () => {
  // A page that is full: on one that is not, what stands there moves up to make room.
  for (let i = 0; i < 20; i += 1) await bo(`before it ${i}`);
  const ana = await home.page(home.people.ana);
  await see(words(ana, "before it 19"));
  await composer(ana).fill("show me");
  await composer(ana).press("Enter");
  await see(words(ana, "show me"));
  await bo(`\`\`\`js\n${LONG}\n\`\`\``);
  const row = log(ana).locator("[data-said]").last();
  const more = row.getByRole("button", { name: "Show all 30 lines" });
  await see(more);
  await count(row.getByText("step(30)"), 0);
  await press(row, "Copy the code");
  assert.equal(await ana.evaluate(() => navigator.clipboard.readText()), LONG);
  const top = () =>
    row.getByRole("group", { name: "Code in JavaScript" }).evaluate((it) => it.getBoundingClientRect().top);
  // By key: a pointer would bring it into sight first.
  await more.focus();
  const before = await top();
  await ana.keyboard.press("Enter");
  await gone(more);
  await reads(row, /step\(\s*30\s*\)/);
  assert.ok(Math.abs((await top()) - before) < 2, `it grows away from the eye: ${before}, ${await top()}`);
});

const HOSTILE = [
  "<script>globalThis.__done = 1</script>",
  '<img src="x" onerror="globalThis.__done = 1">',
  "<b>bold</b> &lt;i&gt;",
  "[press](javascript:globalThis.__done=1) **now**",
  "**[a](data:text/html,x)** <svg onload=globalThis.__done=1>",
  "$\\href{javascript:globalThis.__done=1}{x}$ $\\htmlStyle{position:fixed}{x}$ $\\def\\a{\\a\\a}\\a$",
  "```html\n<script>globalThis.__done = 1</script>\n```",
];

home.scene("markup that somebody writes is text, and nothing of it runs", async () => {
  for (const text of HOSTILE) await bo(text);
  await bo("after all of that");
  const ana = await home.page(home.people.ana);
  await see(words(ana, "after all of that"));
  await see(log(ana).getByText("<script>globalThis.__done = 1</script>").first());
  await see(log(ana).getByText('<img src="x" onerror="globalThis.__done = 1">'));
  await see(log(ana).getByText("<b>bold</b>"));
  await count(log(ana).locator("script, svg:not([focusable]), img[onerror], iframe, [style*=fixed]"), 0);
  await count(log(ana).locator('a[href^="javascript" i], a[href^="data" i]'), 0);
  assert.equal(await ana.evaluate(() => globalThis.__done), undefined);
});

home.scene("even a server that lies gets no markup of its own into the page", async () => {
  await bo("**honest** words");
  const lies = [
    "<p>a<script>globalThis.__done = 1</script></p>",
    '<p><img src="x" onerror="globalThis.__done = 1"></p>',
    '<p onclick="globalThis.__done = 1">a</p>',
    '<p><a href="javascript:globalThis.__done=1">honest</a></p>',
    "<p>unclosed",
    `${"<blockquote>".repeat(2000)}x${"</blockquote>".repeat(2000)}`,
  ];
  for (const lie of lies) {
    const ana = await home.page(home.people.ana, { path: null });
    await ana.route(/\/messages\?/, async (route) => {
      const response = await route.fetch();
      const page = await response.json();
      for (const entry of page.messages) if (entry.text === "**honest** words") entry.html = lie;
      await route.fulfill({ response, json: page });
    });
    await ana.goto(home.url);
    const row = log(ana).locator("[data-said]").last();
    await see(row);
    await reads(row.locator(".said"), /\*\*honest\*\* words|a$|honest$/);
    await row.locator("p").first().click();
    await count(row.locator(".said").locator("script, img, a[href], [onclick]"), 0);
    assert.equal(await ana.evaluate(() => globalThis.__done), undefined, lie.slice(0, 60));
    await ana.context().close();
  }
});

home.scene("plain texts and big emoji are as they were", async () => {
  const ana = await home.page(home.people.ana);
  await see(composer(ana));
  await say(ana, "just words, 2 * 3 * 4 and snake_case_name");
  await say(ana, "🎉");
  const last = (text) => log(ana).locator("[data-said]", { hasText: text }).last();
  await count(last("just words").locator(".markup"), 0);
  assert.ok(
    (await last("🎉")
      .locator("p")
      .evaluate((it) => Number.parseFloat(getComputedStyle(it).fontSize))) >= 40,
  );
});
