// Nothing is cut off, covered or out of reach: in small windows, with long names, with many rooms.
import assert from "node:assert/strict";
import { chosen } from "../support/files.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import { button, composerOf, dialog, log, press, row, say, sidebar, words } from "../support/screens.js";

const home = house();
const LONG = "The autumn harvest supper and everything that has to be done for it";
let supper;
home.prepare(async () => {
  const { ana } = home.people;
  const bo = await home.person("bo", "Bo Lind");
  supper = await ana.api.post("rooms", {
    name: LONG,
    topic:
      "Who brings what, who cooks, who washes up; and where the long tables are, which were lent out last year",
  });
  await bo.api.post(`rooms/${supper.id}/members`);
  await ana.api.say(home.lobby.id, "soup first");
});
const message = (page, text) => log(page).getByRole("article").filter({ hasText: text });

/** Waits until all of it lies in the window. */
const inside = (page, locator, what) =>
  eventually(async () => {
    const { x, y, width, height } = await locator.boundingBox();
    const window = await page.evaluate(() => [innerWidth, innerHeight]);
    const told = `${what}: ${[x, y, x + width, y + height]} in ${window}`;
    assert.ok(x >= 0 && y >= 0 && x + width <= window[0] && y + height <= window[1], told);
  });

const TOUCH = { hasTouch: true, isMobile: true };
for (const [what, width, height, more] of [
  ["a phone on its side", 844, 390, TOUCH],
  ["a small window, enlarged", 683, 384],
  ["a phone with its keyboard", 360, 400, TOUCH],
]) {
  home.scene(`menus and boxes fit into ${what}, and their ends are reached by keys`, async () => {
    const page = await home.page(home.people.ana, {
      path: `/r/${home.lobby.id}`,
      viewport: { width, height },
      ...more,
    });
    await see(words(page, "soup first"));
    const menu = page.getByRole("menu");
    const reached = async (name) => {
      await inside(page, menu, "the menu");
      const last = page.getByRole("menuitem").last();
      assert.match(await last.innerText(), name);
      await page.keyboard.press("End");
      await inside(page, last, "its end");
      await page.keyboard.press("ArrowDown");
      await inside(page, menu.locator(":focus"), "its beginning");
      await page.keyboard.press("ArrowUp");
      await inside(page, last, "its end again");
      await page.keyboard.press("Escape");
      await gone(menu);
    };
    await press(page, "More about this room");
    await reached(/Leave/);
    await message(page, "soup first").focus();
    await message(page, "soup first").getByRole("button", { name: "Message actions" }).click();
    await reached(/Delete/);

    for (const [key, name] of [
      ["f", "Forward this message"],
      ["r", "Add a reaction"],
      ["Control+k", "Find or jump to"],
    ]) {
      await message(page, "soup first").focus();
      await page.keyboard.press(key);
      await see(dialog(page, name));
      await inside(page, dialog(page, name), name);
      await page.keyboard.press("Escape");
      await gone(dialog(page, name));
    }
  });
}

for (const width of [1280, 360]) {
  home.scene(
    `a row with a long name and a long topic is cut, not wider than its list, at ${width}`,
    async () => {
      const { ana, bo } = home.people;
      await bo.api.say(supper.id, "@ana what do you bring?");
      const page = await home.page(ana, {
        path: `/r/${home.lobby.id}`,
        viewport: { width, height: 740 },
      });
      await see(words(page, "soup first"));
      const fits = async (name) => {
        const box = dialog(page, name);
        const option = box.getByRole("option", { name: LONG });
        await see(option);
        const wide = await box.evaluate((node) =>
          [node, ...node.querySelectorAll(".body, [role=listbox], [role=option]")]
            .filter((one) => one.scrollWidth > one.clientWidth)
            .map((one) => one.outerHTML.slice(0, 80)),
        );
        assert.deepEqual(wide, []);
        // What stands at both its ends is whole.
        const { x, width } = await option.boundingBox();
        for (const end of [option.locator("svg").first(), option.getByText(/^@\d$/)]) {
          const there = await end.boundingBox();
          assert.ok(there.width >= 16 && there.x >= x && there.x + there.width <= x + width, name);
        }
        await page.keyboard.press("Escape");
        await gone(box);
      };
      await message(page, "soup first").focus();
      await page.keyboard.press("f");
      await fits("Forward this message");
      await page.keyboard.press("Control+k");
      await fits("Find or jump to");
    },
  );

  home.scene(`where one writes keeps its width and its one line, at ${width}`, async () => {
    const page = await home.page(home.people.ana, {
      path: `/r/${supper.id}`,
      viewport: { width, height: 740 },
    });
    const field = composerOf(page, LONG);
    await see(field);
    const box = () => field.boundingBox();
    await field.fill("a");
    const line = await box();
    await field.fill("");
    assert.equal((await box()).height, line.height, "an empty one");
    await page
      .locator('input[type="file"]')
      .setInputFiles(chosen("plan.txt", "text/plain", Buffer.from("tables")));
    await see(page.getByText("plan.txt"));
    assert.equal((await box()).height, line.height, "beside a file");
    await press(page, /^Remove plan\.txt|^Take plan\.txt/);
    await gone(page.getByText("plan.txt"));

    await field.fill("x".repeat(17_000));
    const over = page.getByText("Too long by 616 bytes");
    await see(over);
    assert.equal((await box()).width, line.width, "beside what is too long");
    assert.ok((await over.boundingBox()).y >= (await box()).y + (await box()).height, "below it");
    await field.fill("");
  });
}

for (const [width, height, more] of [
  [390, 844, TOUCH],
  [1440, 900],
]) {
  home.scene(`what is said in passing does not cover the way to the newest, at ${width}`, async () => {
    const { ana } = home.people;
    const room = await ana.api.post("rooms", { name: `Long ${width}` });
    for (let i = 1; i <= 90; i += 1) await ana.api.say(room.id, `line ${i}`);
    const page = await home.page(ana, {
      path: `/r/${room.id}/10`,
      viewport: { width, height },
      ...more,
    });
    await see(words(page, "line 8"));
    await see(button(page, "To the newest"));
    await message(page, "line 8").first().focus();
    await page.keyboard.press("c");
    const said = page.getByRole("status").getByText("Link copied");
    await see(said);
    const [a, b] = await Promise.all([
      said.locator("xpath=ancestor::p").boundingBox(),
      button(page, "To the newest").boundingBox(),
    ]);
    assert.ok(
      a.y + a.height <= b.y || b.y + b.height <= a.y || a.x + a.width <= b.x || b.x + b.width <= a.x,
      JSON.stringify([a, b]),
    );
    await press(page, "To the newest");
    await see(words(page, "line 90"));
  });
}

for (const colorScheme of ["light", "dark"]) {
  home.scene(`the bar of a quote is seen on one's own bubble, ${colorScheme}`, async () => {
    const { ana, bo } = home.people;
    const { seq } = await bo.api.say(home.lobby.id, `bread, ${colorScheme}`);
    const there = `${home.url}/r/${home.lobby.id}/${seq}`;
    await ana.api.say(home.lobby.id, `look, ${colorScheme}: ${there}`);
    await ana.api.say(home.lobby.id, `I do, ${colorScheme}`, { quote: seq });
    const page = await home.page(ana, { colorScheme, path: `/r/${home.lobby.id}` });
    for (const text of [`look, ${colorScheme}`, `I do, ${colorScheme}`]) {
      const quote = message(page, text).getByRole("link", { name: new RegExp(`bread, ${colorScheme}`) });
      await see(quote);
      const contrast = await quote.evaluate((node) => {
        const light = (colour) => {
          const pen = new OffscreenCanvas(1, 1).getContext("2d");
          pen.fillStyle = colour;
          pen.fillRect(0, 0, 1, 1);
          const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((byte) => {
            const part = byte / 255;
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const bar = light(getComputedStyle(node).borderInlineStartColor);
        const ground = light(getComputedStyle(node.closest(".said")).backgroundColor);
        return (Math.max(bar, ground) + 0.05) / (Math.min(bar, ground) + 0.05);
      });
      assert.ok(contrast >= 3, `${text}: ${contrast}`);
    }
  });
}

home.scene("the list shows the row of the open room, whichever way one came there", async () => {
  const { ana } = home.people;
  const names = Array.from({ length: 60 }, (_, i) => `Plot ${String(i + 1).padStart(2, "0")}`);
  const plots = [];
  for (const name of names) plots.push(await ana.api.post("rooms", { name }));
  const page = await home.page(ana, { path: `/r/${plots[50].id}` });
  await see(composerOf(page, "Plot 51"));
  const shown = (name) =>
    eventually(async () => {
      assert.equal(await row(page, name).getAttribute("aria-current"), "page");
      const [at, list] = await Promise.all([
        row(page, name).boundingBox(),
        row(page, name).locator("xpath=ancestor::*[contains(@class, 'list')]").last().boundingBox(),
      ]);
      assert.ok(at.y >= list.y && at.y + at.height <= list.y + list.height, `${name} is at ${at.y}`);
    });
  await shown("Plot 51");
  await page.keyboard.press("Control+k");
  await dialog(page, "Find or jump to").getByRole("combobox").fill("plot 02");
  await see(dialog(page, "Find or jump to").getByRole("option", { name: "Plot 02" }));
  await page.keyboard.press("Enter");
  await see(composerOf(page, "Plot 02"));
  await shown("Plot 02");
  for (let i = 3; i <= 30; i += 1) {
    await page.keyboard.press("Alt+ArrowDown");
    await see(composerOf(page, names[i - 1]));
  }
  await shown("Plot 30");

  // Where one has scrolled to since is one's own affair.
  await sidebar(page).hover();
  await page.mouse.wheel(0, 5000);
  await eventually(async () => assert.ok((await row(page, "Plot 60").boundingBox()).y < 800));
  await say(page, "sown");
  await count(words(page, "sown"), 1);
  assert.ok((await row(page, "Plot 60").boundingBox()).y < 800);
});

for (const width of [650, 768, 850]) {
  home.scene(`the settings are whole, and their words stand apart, at ${width}`, async () => {
    const page = await home.page(home.people.ana, {
      path: "/settings/profile",
      viewport: { width, height: 700 },
    });
    await see(button(page, "Choose a picture"));
    for (const part of [button(page, "Choose a picture"), page.getByLabel("Your name")]) {
      const { x, width: wide } = await part.boundingBox();
      assert.ok(x + wide <= width, `${part} ends at ${x + wide}`);
    }
    const words = await page
      .locator(".colours .word")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
    for (const [i, { left, right, top }] of words.entries()) {
      assert.ok(right <= width, `${i} ends at ${right}`);
      const before = words[i - 1];
      assert.ok(!before || before.top !== top || before.right < left, `${i} begins at ${left}`);
    }
  });
}

home.scene("in colours that a person forces, edges say what is chosen and what floats", async () => {
  const page = await home.page(home.people.ana, { path: `/r/${home.lobby.id}`, forcedColors: "active" });
  await see(words(page, "soup first"));
  const edged = (locator, pixels) =>
    eventually(async () => {
      const { outlineStyle, outlineWidth } = await locator.evaluate((node) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(node);
        return { outlineStyle, outlineWidth };
      });
      assert.deepEqual([outlineStyle, outlineWidth], ["solid", `${pixels}px`], String(locator));
    });
  await edged(row(page, "Lobby"), 2);
  await edged(page.locator(".said").first(), 1);
  await page.keyboard.press("Control+k");
  await edged(dialog(page, "Find or jump to").getByRole("option", { selected: true }), 2);
  await edged(dialog(page, "Find or jump to"), 1);
  await page.keyboard.press("Escape");
  await composerOf(page, "Lobby").fill("@b");
  await edged(page.getByRole("option", { selected: true }), 2);
  await page.goto(new URL("/threads", home.url).href);
  await edged(page.getByRole("button", { name: "All", exact: true }), 2);
});

home.scene("many files to send leave room to read on a phone on its side", async () => {
  const page = await home.page(home.people.ana, {
    path: `/r/${home.lobby.id}`,
    viewport: { width: 844, height: 390 },
  });
  await see(composerOf(page, "Lobby"));
  const files = Array.from({ length: 12 }, (_, i) => chosen(`plan ${i}.txt`, "text/plain", Buffer.from("x")));
  await page.locator('input[type="file"]').setInputFiles(files);
  await see(page.getByText("plan 11.txt"));
  await eventually(async () => assert.ok((await log(page).boundingBox()).height > 100));
});
