// What files look like to those who get them.
import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, reads, see } from "../support/house.js";
import { film, gif, pdf, png, wav } from "../support/media.js";
import { button, composer, dialog, log, press, say, words } from "../support/screens.js";

const home = house();
home.prepare(() => home.person("bo", "Bo Lind"));

/** Bo says something with files, `[name, bytes, hints, more]` each. */
async function sends(text, ...files) {
  const { api } = home.people.bo;
  const sent = [];
  for (const [name, bytes, hints, more] of files) {
    const { id } = await api.upload(name, bytes, hints);
    sent.push(more ? { id, ...more } : id);
  }
  return api.say(home.lobby.id, text, { files: sent });
}

const picture = (page, name) => log(page).getByRole("img", { name: `Picture from Bo Lind: ${name}` });
const group = (page, name) => log(page).getByRole("group", { name });
const drawn = (image) => image.evaluate((it) => it.complete && it.naturalWidth > 0);
const played = (media) => media.evaluate((it) => it.currentTime);

home.scene("a picture has its size before it is loaded, and nothing moves when it is", async () => {
  await sends("", ["hills.png", png(1600, 1000)]);
  await home.people.bo.api.say(home.lobby.id, "what do you say?");
  const ana = await home.page(home.people.ana, { path: null });
  const held = [];
  let open = false;
  await ana.route(/\/thumbnail/, (route) => (open ? route.continue() : held.push(route)));
  await ana.goto(home.url);
  await see(words(ana, "what do you say?"));
  await eventually(() => assert.ok(held.length > 0, "the picture is asked for"));

  const places = () =>
    ana.evaluate(() =>
      [...document.querySelectorAll("[data-said]")].map((row) => {
        const { top, height } = row.getBoundingClientRect();
        return [top, height];
      }),
    );
  const before = await places();
  const box = await picture(ana, "hills.png").boundingBox();
  assert.ok(box.height > 200, `room is kept for it: ${box.height}`);
  assert.ok(Math.abs(box.width / box.height - 1.6) < 0.02, `${box.width} × ${box.height}`);
  assert.equal(await drawn(picture(ana, "hills.png")), false);

  open = true;
  for (const route of held) await route.continue();
  await eventually(async () => assert.ok(await drawn(picture(ana, "hills.png"))));
  assert.deepEqual(await places(), before);
});

home.scene("live, a picture comes under the eyes of everybody", async () => {
  const ana = await home.page(home.people.ana);
  await see(composer(ana));
  await say(ana, "send me the plan, please");
  await sends("here it is", [
    "plan.png",
    png(900, 600, [180, 120, 90]),
    undefined,
    { alt: "The plan of the garden" },
  ]);
  await see(log(ana).getByRole("img", { name: "The plan of the garden" }));
  await eventually(async () =>
    assert.ok(await drawn(log(ana).getByRole("img", { name: "The plan of the garden" }))),
  );
});

home.scene("the picture that I send is the same on the screen before and after it has arrived", async () => {
  const ana = await home.page(home.people.ana, { path: null });
  const held = [];
  let open = false;
  // The last piece of the upload is kept back.
  await ana.route(/\/api\/v1\/uploads\//, (route) =>
    open || route.request().method() !== "PATCH" ? route.continue() : held.push(route),
  );
  await ana.goto(home.url);
  await see(composer(ana));
  const [chooser] = await Promise.all([ana.waitForEvent("filechooser"), press(ana, "Add files")]);
  await chooser.setFiles({
    name: "mine.png",
    mimeType: "image/png",
    buffer: png(1200, 800, [120, 90, 160]),
  });
  await see(
    ana.getByRole("list", { name: "Files for this message" }).getByRole("button", { name: /^mine.png/ }),
  );
  await composer(ana).press("Enter");
  const mine = log(ana).getByRole("img", { name: "Picture from you: mine.png" });
  await see(mine);
  await eventually(async () => assert.match(await mine.getAttribute("src"), /^blob:/));
  await eventually(async () => assert.ok((await drawn(mine)) && held.length > 0));
  const before = await mine.boundingBox();
  await mine.evaluate((it) => {
    globalThis.__mine = it;
  });

  open = true;
  for (const route of held) await route.continue();
  await eventually(async () =>
    assert.match(await mine.getAttribute("src"), /^\/api\/v1\/files\/\d+\/thumbnail/),
  );
  assert.ok(await mine.evaluate((it) => it === globalThis.__mine), "nothing was drawn anew");
  assert.deepEqual(await mine.boundingBox(), before);
});

home.scene("several are a gallery; the light box goes through all of the room by keys", async () => {
  await sends("first", ["one.png", png(800, 600, [200, 90, 80])]);
  await sends("", ["two.png", png(600, 800, [80, 120, 200])], ["three.png", png(800, 600, [90, 160, 90])]);
  await sends(
    "",
    ...Array.from({ length: 8 }, (_, i) => [`many-${i}.png`, png(400, 300, [20 * i, 100, 100])]),
  );
  const ana = await home.page(home.people.ana);
  await see(group(ana, "2 pictures"));
  await see(group(ana, "8 pictures").getByText("+2"));

  const opener = button(ana, "Picture from Bo Lind: one.png");
  await opener.click();
  const box = (name) => dialog(ana, `Picture: ${name}`);
  await see(box("one.png"));
  await healthy(ana, "the light box");
  await ana.keyboard.press("ArrowRight");
  await see(box("two.png"));
  await ana.keyboard.press("ArrowRight");
  await see(box("three.png"));
  await ana.keyboard.press("ArrowLeft");
  await see(box("two.png"));
  await ana.keyboard.press("End");
  await see(box("many-7.png"));
  await see(box("many-7.png").getByText("Bo Lind"));
  await see(box("many-7.png").getByRole("link", { name: "Download many-7.png" }));

  // Closer, and back: the file itself comes when one looks closely, and stays.
  const shown = box("many-7.png").getByRole("img", { name: "Picture from Bo Lind: many-7.png" });
  const wide = (await shown.boundingBox()).width;
  await ana.keyboard.press("+");
  await eventually(async () => assert.ok((await shown.boundingBox()).width > wide * 1.4));
  for (let i = 0; i < 4; i += 1) await ana.keyboard.press("+");
  await eventually(async () => assert.match(await shown.getAttribute("src"), /files\/\d+$/));
  await ana.keyboard.press("0");
  await eventually(async () => assert.ok((await shown.boundingBox()).width < wide * 1.01));
  assert.ok(await drawn(shown));

  await ana.keyboard.press("Escape");
  await count(ana.getByRole("dialog"), 0);
  await eventually(async () =>
    assert.ok(await opener.evaluate((it) => it === document.activeElement), "the focus is back"),
  );

  // The way back of the browser closes it as well, and stays in the room.
  const before = ana.url();
  await opener.click();
  await see(box("one.png"));
  await ana.goBack();
  await count(ana.getByRole("dialog"), 0);
  assert.equal(ana.url(), before);

  await opener.click();
  await press(box("one.png"), "Copy link to the message");
  const link = await ana.evaluate(() => navigator.clipboard.readText());
  assert.match(link, new RegExp(`/r/${home.lobby.id}/\\d+$`));
  await press(box("one.png"), "Go to the message");
  await count(ana.getByRole("dialog"), 0);
  assert.equal(ana.url(), link);
});

home.scene("what moves plays under the pointer, when asked, or always", async () => {
  const { id } = await home.people.bo.api.upload("wave.gif", gif());
  await home.people.bo.api.say(home.lobby.id, "", { files: [id] });
  const moving = (page) => log(page).locator(`img[src="/api/v1/files/${id}"]`);

  const ana = await home.page(home.people.ana, { reducedMotion: "no-preference" });
  await see(picture(ana, "wave.gif"));
  await see(button(log(ana), "Play the GIF"));
  await count(moving(ana), 0);
  await picture(ana, "wave.gif").hover();
  await count(moving(ana), 1);
  await composer(ana).hover();
  await count(moving(ana), 0);

  // Whoever wants less motion gets it only when they ask.
  const calm = await home.page(home.people.ana);
  await picture(calm, "wave.gif").hover();
  await press(log(calm), "Play the GIF");
  await count(moving(calm), 1);
  await press(log(calm), "Stop the GIF");
  await count(moving(calm), 0);

  await ana.goto(`${home.url}/settings/look`);
  await ana.getByRole("radio", { name: "Always play" }).check();
  await ana.goto(home.url);
  await count(moving(ana), 1);
  await home.people.ana.api.patch("me", { settings: { animations: "hover" } });
});

home.scene("a film plays in place", async () => {
  await sends("look", ["cat.webm", film(), { width: 160, height: 90, duration_ms: 4000 }]);
  const ana = await home.page(home.people.ana);
  const video = log(ana).locator('video[aria-label="Video from Bo Lind: cat.webm"]');
  await see(video);
  const { width, height } = await video.boundingBox();
  assert.ok(Math.abs(width / height - 160 / 90) < 0.05, `${width} × ${height}`);
  await eventually(async () => assert.ok(await video.evaluate((it) => it.readyState >= 1)));
  await video.evaluate((it) => {
    it.currentTime = 3;
  });
  await eventually(async () =>
    assert.ok(
      (await video.evaluate((it) => !it.seeking && it.readyState >= 2)) && (await played(video)) === 3,
    ),
  );
});

home.scene("sounds and voices are sought in, one plays at a time, voices faster", async () => {
  const waveform = Array.from({ length: 60 }, (_, i) => (i * 7) % 32);
  await sends("", ["voice.wav", wav(12), { voice: true, duration_ms: 12_000, waveform }]);
  await sends("", ["song.wav", wav(40)]);
  const ana = await home.page(home.people.ana);
  const voice = group(ana, "Voice message from Bo Lind");
  const song = group(ana, "Sound from Bo Lind: song.wav");
  await see(voice);
  await see(song);
  await see(voice.getByText("0:12"));

  await press(voice, "Play");
  await see(button(voice, "Pause"));
  const line = voice.getByRole("slider", { name: "Position" });
  await line.focus();
  await ana.keyboard.press("End");
  await ana.keyboard.press("Home");
  await ana.keyboard.press("ArrowRight");
  await ana.keyboard.press("ArrowRight");
  await eventually(async () =>
    assert.match(await line.getAttribute("aria-valuetext"), /^0:0[45678] of 0:12$/),
  );
  await press(voice, "Speed 1×");
  await press(voice, "Speed 1.5×");
  await see(button(voice, "Speed 2×"));
  await eventually(async () =>
    assert.equal(await voice.locator("audio").evaluate((it) => it.playbackRate), 2),
  );

  await press(song, "Play");
  await see(button(song, "Pause"));
  await see(button(voice, "Play"));
  const bar = song.getByRole("slider", { name: "Position" });
  const { x, y, width, height } = await bar.boundingBox();
  await ana.mouse.click(x + width / 2, y + height / 2);
  await eventually(async () => assert.match(await bar.getAttribute("aria-valuetext"), /^0:2[0-4] of 0:40$/));

  // The speed is remembered.
  await ana.reload();
  await see(button(voice, "Speed 2×"));
});

home.scene("text, code, tables, Markdown and PDF show what is in them, in place", async () => {
  await sends(
    "for tomorrow",
    ["notes.txt", "Bring a coat.\n"],
    ["main.rs", 'fn main() {\n    println!("hi"); // said\n}\n'],
    ["list.csv", 'Name,Cups\n"Lind, Bo",12\nAna,8\n'],
    [
      "plan.md",
      "# Summer fair\n\n- **three** tables\n\n<img src=x onerror=alert(1)>\n\n[bad](javascript:alert(1)) [good](https://example.org/)\n",
    ],
    ["minutes.pdf", pdf(8)],
    ["long.txt", "a line that is long enough to be many\n".repeat(5000)],
  );
  const ana = await home.page(home.people.ana);
  const look = async (name) => {
    await press(group(ana, name), `Preview of ${name}`);
    const shown = ana.getByRole("region", { name: `Preview of ${name}` });
    await see(shown);
    return shown;
  };
  await see(group(ana, "notes.txt").getByText("TXT · 14 bytes"));
  await see((await look("notes.txt")).getByText("Bring a coat."));

  const code = await look("main.rs");
  await see(code.locator("span").filter({ hasText: /^fn$/ }));
  await reads(code, /println!\("hi"\); \/\/ said/);

  const table = await look("list.csv");
  await see(table.getByRole("columnheader", { name: "Cups" }));
  await see(table.getByRole("cell", { name: "Lind, Bo" }));

  const page = await look("plan.md");
  await see(page.getByRole("heading", { name: "Summer fair" }));
  await see(page.getByText("<img src=x onerror=alert(1)>"));
  await count(page.getByRole("img"), 0);
  await count(page.getByRole("link"), 1);
  assert.equal(
    await page.getByRole("link", { name: "good" }).getAttribute("rel"),
    "noopener noreferrer nofollow",
  );

  const paper = await look("minutes.pdf");
  await see(paper.getByRole("img", { name: "Page 1 of 8" }));
  // The black square of the page is really there.
  const black = () =>
    paper
      .locator("canvas")
      .first()
      .evaluate((it) => {
        const at = it.getContext("2d").getImageData(it.width / 2, it.height / 2, 1, 1).data;
        return [...at];
      });
  await eventually(async () => assert.deepEqual(await black(), [0, 0, 0, 255]));
  await press(paper, "7 more pages");
  await see(paper.getByRole("img", { name: "Page 6 of 8" }));

  await see((await look("long.txt")).getByText("The first 66 kB. Download it to see the rest."));
  await healthy(ana, "previews");
  await press(group(ana, "notes.txt"), "Hide preview of notes.txt");
  await gone(ana.getByRole("region", { name: "Preview of notes.txt" }));
});

home.scene("other files are a card with a way to have them", async () => {
  const name = "A very long name of a file that somebody made on a rainy afternoon.bin";
  await sends("", [name, Buffer.from([0, 1, 2, 3])]);
  const ana = await home.page(home.people.ana);
  await see(group(ana, name));
  const [saved] = await Promise.all([
    ana.waitForEvent("download"),
    group(ana, name)
      .getByRole("link", { name: `Download ${name}` })
      .click(),
  ]);
  assert.equal(saved.suggestedFilename(), name);
});

home.scene("a spoiler is covered until one asks", async () => {
  const { id } = await home.people.bo.api.upload("end.png", png(640, 480));
  await home.people.bo.api.say(home.lobby.id, "", { files: [{ id, alt: "How it ends", spoiler: true }] });
  const ana = await home.page(home.people.ana, { path: null });
  const asked = [];
  ana.on("request", (request) => asked.push(request.url()));
  await ana.goto(home.url);
  await see(button(log(ana), "Spoiler: show How it ends"));
  assert.ok(!asked.some((url) => url.includes(`/files/${id}`)), "it is not even fetched");
  await press(log(ana), "Spoiler: show How it ends");
  await see(log(ana).getByRole("img", { name: "How it ends" }));
});

home.scene("a picture that does not load says so, and is tried again", async () => {
  await sends("", ["shed.png", png(640, 480)]);
  const ana = await home.page(home.people.ana, { path: null });
  let broken = true;
  await ana.route(/\/thumbnail/, (route) => (broken ? route.abort() : route.continue()));
  await ana.goto(home.url);
  const again = button(log(ana), "shed.png. Could not be loaded. Try again");
  await see(again);
  broken = false;
  await again.click();
  await eventually(async () => assert.ok(await drawn(picture(ana, "shed.png"))));
});

home.scene("a message without words is told by what it holds", async () => {
  // A page takes what the account says when it comes.
  await home.people.ana.api.patch("me", { settings: { desktop: true } });
  const ana = await home.page(home.people.ana);
  await see(composer(ana));
  await eventually(async () =>
    assert.equal(
      await ana.evaluate(() => JSON.parse(localStorage.getItem("parlour:settings") ?? "{}").desktop),
      true,
    ),
  );
  await ana.evaluate(() => globalThis.__hide(true));
  await sends("", ["a.png", png(64, 64)], ["b.png", png(64, 64)]);
  await eventually(async () => {
    const { notifications } = await ana.evaluate(() => ({ notifications: globalThis.__heard.notifications }));
    assert.equal(notifications.at(-1)?.body, "2 pictures");
  });
});

for (const width of [320, 660, 768]) {
  home.scene(`the card of a file shows its name, and stays inside its bubble, at ${width}`, async () => {
    await sends("", [`m${width}.csv`, Buffer.from("a,b\n1,2\n"), { type: "text/csv" }]);
    const path = `/r/${home.lobby.id}`;
    const page = await home.page(home.people.ana, { path, viewport: { width, height: 700 } });
    const card = group(page, `m${width}.csv`);
    await see(card.getByRole("button", { name: /preview/i }));
    const box = await card.boundingBox();
    const name = card.getByText(`m${width}`).first();
    assert.ok(await name.evaluate((node) => node.scrollWidth <= node.clientWidth), "all of its name");
    for (const part of [name, card.getByRole("link", { name: /download/i })]) {
      const { x, width: wide } = await part.first().boundingBox();
      assert.ok(
        wide >= 20 && x >= box.x && x + wide <= box.x + box.width,
        `${part}: ${x}, ${wide} in ${box.x}`,
      );
    }
  });
}
