// Files from one person to another: picked, dropped, pasted; described, hidden, put in order; through broken lines, once.
import assert from "node:assert/strict";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, reads, see } from "../support/house.js";
import { line } from "../support/line.js";
import {
  button,
  composer,
  composerOf,
  dialog,
  enter,
  field,
  log,
  press,
  say,
  words,
} from "../support/screens.js";

const home = house();
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  await home.people.ana.api.post("rooms", { name: "Bike bench" });
});

const MIB = 1 << 20;
const tray = (page) => page.getByRole("list", { name: "Files for this message" });
const inTray = (page, name) => tray(page).getByRole("button", { name: new RegExp(`^${name}`) });
const progress = (page, name) => log(page).getByRole("group", { name: `${name} on its way` });
const plain = (name, size = 2000) => ({ name, mimeType: "application/zip", buffer: Buffer.alloc(size, 7) });

const lobby = () => `/r/${home.lobby.id}`;
async function here(person, options) {
  const page = await home.page(person, { path: lobby(), ...options });
  await see(composerOf(page, "Lobby"));
  return page;
}
const two = () => Promise.all([here(home.people.ana), here(home.people.bo)]);

/** A picture, drawn by the browser itself. */
async function picture(page, name, width = 320, height = 200) {
  const data = await page.evaluate(
    ([w, h]) => {
      const canvas = document.createElement("canvas");
      canvas.width = w;
      canvas.height = h;
      const pen = canvas.getContext("2d");
      pen.fillStyle = "seagreen";
      pen.fillRect(0, 0, w, h / 2);
      return canvas.toDataURL("image/png").split(",")[1];
    },
    [width, height],
  );
  return { name, mimeType: "image/png", buffer: Buffer.from(data, "base64") };
}

/** By the button, as a person does. */
async function attach(page, ...files) {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), press(page, "Add files")]);
  await chooser.setFiles(files);
  for (const file of files) if (file.name) await see(inTray(page, file.name));
}

/** The messages of the room that hold files: text, and what is said of each. */
async function sent() {
  const { messages } = await home.people.bo.api.get(`rooms/${home.lobby.id}/messages?limit=100`);
  return messages.filter(({ files }) => files?.length > 0);
}
const sentAs = async (text) => (await sent()).filter((message) => message.text === text);

/** Holds back each piece after the first one of an upload. `let go` with `open()`; `asked` are the offsets. */
async function hold(page) {
  const asked = [];
  let held = [];
  let open = false;
  await page.context().route("**/api/v1/uploads/*", async (route) => {
    const from = route.request().headers()["upload-offset"];
    if (route.request().method() !== "PATCH") return route.continue().catch(() => {});
    asked.push(Number(from));
    if (open || from === "0") return route.continue().catch(() => {});
    held.push(route);
  });
  return {
    asked,
    /** What is held now breaks, as when a cable is pulled. */
    async cut() {
      const broken = held;
      held = [];
      for (const route of broken) await route.abort("connectionfailed").catch(() => {});
    },
    async open() {
      open = true;
      const free = held;
      held = [];
      for (const route of free) await route.continue().catch(() => {});
    },
    waiting: () => eventually(() => assert.ok(held.length > 0, "a piece is under way")),
  };
}

/** A drop, or a paste, as the browser tells it. */
function give(page, kind, target, files) {
  return page.evaluate(
    ([how, where, given]) => {
      const data = new DataTransfer();
      for (const { name, type, text } of given) data.items.add(new File([text], name, { type }));
      const node = document.querySelector(where);
      const told =
        how === "paste"
          ? new ClipboardEvent(how, { bubbles: true, cancelable: true, clipboardData: data })
          : new DragEvent(how, { bubbles: true, cancelable: true, dataTransfer: data });
      node.dispatchEvent(told);
    },
    [kind, target, files],
  );
}

home.scene("two pictures with words, one described, one hidden, in the order that was chosen", async () => {
  const [ana, bo] = await two();
  await attach(ana, await picture(ana, "first.png"), await picture(ana, "second.png", 200, 300));
  await composer(ana).fill("The posters are here");

  await inTray(ana, "second.png").click();
  await ana.getByRole("menuitem", { name: "Describe" }).click();
  await field(ana, "What does it show?").fill("A poster, green above");
  await press(dialog(ana, "Describe it"), "Save");
  await see(inTray(ana, "second.png.*A poster, green above"));
  await inTray(ana, "first.png").click();
  await ana.getByRole("menuitem", { name: "Hide until it is asked for" }).click();
  await see(inTray(ana, "first.png.*Hidden"));
  // By the keyboard: the second one goes before the first.
  await inTray(ana, "first.png").focus();
  await ana.keyboard.press("ArrowRight");
  await ana.keyboard.press("Alt+ArrowLeft");
  await reads(ana.getByText(/is now 1 of 2/), /second\.png is now 1 of 2/);

  await composer(ana).press("Enter");
  await gone(tray(ana));
  await see(words(bo, "The posters are here"));
  await see(log(bo).getByRole("img", { name: "A poster, green above" }));
  await see(log(bo).getByRole("button", { name: /^Spoiler/ }));
  const [message] = await sentAs("The posters are here");
  assert.deepEqual(
    message.files.map(({ name, alt, spoiler }) => [name, alt, spoiler]),
    [
      ["second.png", "A poster, green above", undefined],
      ["first.png", undefined, true],
    ],
  );
  await count(words(ana, "The posters are here"), 1);
});

home.scene("a pointer puts them in order", async () => {
  const ana = await here(home.people.ana);
  await attach(ana, plain("a.zip"), plain("b.zip"), plain("c.zip"));
  const names = () => tray(ana).getByRole("listitem").allInnerTexts();
  const middle = async (name) => {
    const { x, y, width, height } = await inTray(ana, name).boundingBox();
    return [x + width / 2, y + height / 2, width];
  };
  const [x, y] = await middle("a.zip");
  const [toX, toY, width] = await middle("c.zip");
  await ana.mouse.move(x, y);
  await ana.mouse.down();
  await ana.mouse.move(x + 20, y, { steps: 4 });
  await ana.mouse.move(toX + width / 4, toY, { steps: 12 });
  await ana.mouse.up();
  await eventually(async () => assert.match((await names()).join(" "), /b\.zip.*c\.zip.*a\.zip/s));
  // The press that ended it opened nothing.
  assert.equal(await ana.getByRole("menu").count(), 0);
  for (const name of ["a.zip", "b.zip", "c.zip"]) await press(ana, `Remove ${name}`);
  await gone(tray(ana));
});

home.scene("what is dropped over the room goes with the next message", async () => {
  const [ana, bo] = await two();
  const file = { name: "dropped.txt", type: "text/plain", text: "out of the folder" };
  await give(ana, "dragenter", "[role=log]", [file]);
  await see(ana.getByText("Drop it into Lobby"));
  await give(ana, "dragover", "[role=log]", [file]);
  await give(ana, "drop", ".drop", [file]);
  await gone(ana.getByText("Drop it into Lobby"));
  await see(inTray(ana, "dropped.txt"));
  assert.equal((await sentAs("")).length, 0, "nothing is sent by a drop alone");
  // Files alone need no words.
  await press(ana, "Send");
  await see(log(bo).getByText("dropped.txt"));
});

home.scene("a pasted picture is a file; pasted text is text, and a long one can be a file", async () => {
  const [ana, bo] = await two();
  await composer(ana).click();
  await give(ana, "paste", "textarea", [
    { name: "image.png", type: "image/png", text: "not quite a picture" },
  ]);
  await see(inTray(ana, "image.png"));
  await press(ana, "Remove image.png");
  await gone(tray(ana));
  // The place where one is goes back to the text.
  await eventually(async () =>
    assert.ok(await composer(ana).evaluate((it) => it === document.activeElement)),
  );

  await composer(ana).fill("look: ");
  await ana.evaluate((text) => navigator.clipboard.writeText(text), "a line of a log\n".repeat(200));
  await composer(ana).press("ControlOrMeta+v");
  await press(ana, "Send as file");
  await see(inTray(ana, "paste.txt"));
  await eventually(async () => assert.equal(await composer(ana).inputValue(), "look:"));
  await composer(ana).press("Enter");
  await see(log(bo).getByText("paste.txt"));
  const [message] = await sentAs("look:");
  assert.equal(message.files[0].size, "a line of a log\n".repeat(200).length);
});

home.scene("the line breaks in the middle of a file: it goes on there, and appears once", async () => {
  const ana = await home.page(home.people.ana, { path: null });
  const wire = await line(ana.context());
  const pieces = await hold(ana);
  await ana.goto(home.url + lobby());
  const bo = await here(home.people.bo);
  await see(composer(ana));
  await attach(ana, plain("tour.zip", 3 * MIB));
  await composer(ana).fill("The whole tour");
  await composer(ana).press("Enter");
  await see(words(ana, "The whole tour"));
  await see(progress(ana, "tour.zip"));
  await pieces.waiting();

  await wire.cut();
  await pieces.cut();
  await see(progress(ana, "tour.zip").getByText("Waits for the connection"));
  assert.deepEqual(await sentAs("The whole tour"), []);
  await pieces.open();
  await wire.mend();
  await see(words(bo, "The whole tour"));
  await gone(progress(ana, "tour.zip"));
  assert.equal(pieces.asked.filter((from) => from === 0).length, 1, "the first piece went once");
  const messages = await sentAs("The whole tour");
  assert.equal(messages.length, 1);
  assert.equal(messages[0].files[0].size, 3 * MIB);
  await count(words(ana, "The whole tour"), 1);
});

home.scene("a reload in the middle of a file loses nothing and doubles nothing", async () => {
  const [ana, bo] = await two();
  const pieces = await hold(ana);
  await attach(ana, plain("archive.zip", 2 * MIB));
  await composer(ana).fill("Kept over a reload");
  await composer(ana).press("Enter");
  await see(words(ana, "Kept over a reload"));
  await pieces.waiting();
  await ana.reload();
  await see(words(ana, "Kept over a reload"));
  await see(progress(ana, "archive.zip"));
  await pieces.open();
  await see(words(bo, "Kept over a reload"));
  await gone(progress(ana, "archive.zip"));
  const messages = await sentAs("Kept over a reload");
  assert.equal(messages.length, 1);
  assert.equal(messages[0].files[0].size, 2 * MIB);
  assert.equal(pieces.asked.filter((from) => from === 0).length, 1);
});

home.scene("the tray is kept, over a reload and while one looks into another room", async () => {
  const ana = await here(home.people.ana);
  await attach(ana, plain("kept.zip"));
  await enter(ana, "Bike bench");
  await gone(tray(ana));
  await enter(ana, "Lobby");
  await see(inTray(ana, "kept.zip"));
  await ana.reload();
  await see(inTray(ana, "kept.zip"));
  await press(ana, "Remove kept.zip");
  await gone(tray(ana));
  await ana.reload();
  await see(composerOf(ana, "Lobby"));
  await count(tray(ana), 0);
});

home.scene("words do not wait for the files before them; a pause holds, and goes on", async () => {
  const [ana, bo] = await two();
  const pieces = await hold(ana);
  await attach(ana, plain("slow.zip", 2 * MIB));
  await composer(ana).fill("with a long file");
  await composer(ana).press("Enter");
  await pieces.waiting();
  await say(ana, "words in between");
  await see(words(bo, "words in between"));
  await count(words(bo, "with a long file"), 0);

  await press(progress(ana, "slow.zip"), "Pause slow.zip");
  await see(progress(ana, "slow.zip").getByText(/^Paused at/));
  const before = pieces.asked.length;
  await pieces.open();
  await say(ana, "and some more");
  await see(words(bo, "and some more"));
  assert.equal(pieces.asked.length, before, "a pause is a pause");
  await press(progress(ana, "slow.zip"), "Go on with slow.zip");
  await see(words(bo, "with a long file"));
  assert.equal((await sentAs("with a long file")).length, 1);
});

home.scene("cancelled is gone: here, for others, and on the server", async () => {
  const [ana, bo] = await two();
  const pieces = await hold(ana);
  const [begun] = await Promise.all([
    ana.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().endsWith("/files")),
    attach(ana, plain("regret.zip", 2 * MIB)),
  ]);
  await press(ana, "Send");
  await pieces.waiting();
  await press(progress(ana, "regret.zip"), "Cancel regret.zip");
  await gone(log(ana).getByText("regret.zip"));
  const path = begun.headers().location.replace("/api/v1/", "");
  await eventually(async () => assert.equal((await home.people.ana.api.ask("GET", path)).status, 404));
  await say(ana, "never mind");
  await see(words(bo, "never mind"));
  await count(log(bo).getByText("regret.zip"), 0);
});

home.scene("what is too large, or too many, is said beforehand", async () => {
  const ana = await here(home.people.ana);
  const folder = await mkdtemp(join(tmpdir(), "parlour-large-"));
  try {
    const path = join(folder, "huge.mov");
    const file = await open(path, "w");
    await file.truncate(101 * MIB);
    await file.close();
    const input = ana.locator("input[type=file]");
    await input.setInputFiles(path);
    await see(ana.getByText("huge.mov is 106 MB. Files can be 100 MB."));
    await count(tray(ana), 0);
    await input.setInputFiles(Array.from({ length: 22 }, (_, i) => plain(`${i + 1}.zip`, 10)));
    await see(ana.getByText("2 files were left out. A message can hold 20."));
    await count(tray(ana).getByRole("listitem"), 20);
    await gone(ana.getByText(/huge\.mov is/));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

home.scene("what the server refuses fails with its words, and goes without that file", async () => {
  const [ana, bo] = await two();
  let refuse = true;
  await ana.context().route("**/api/v1/files", (route) => {
    if (!refuse || route.request().method() !== "POST") return route.continue();
    refuse = false;
    const problem = { code: "storage_full", title: "Full", status: 507, detail: "There is no room for it." };
    return route.fulfill({
      status: 507,
      contentType: "application/problem+json",
      body: JSON.stringify(problem),
    });
  });
  await attach(ana, plain("one.zip"), plain("two.zip"));
  await composer(ana).fill("one of two");
  const failing = tray(ana).getByText("There is no room for it.");
  await see(failing);
  // Sending tries once more; this time the server is out of room for good.
  refuse = true;
  await composer(ana).press("Enter");
  await see(log(ana).getByText(/There is no room for it\./));
  await see(log(ana).getByText("Not sent", { exact: true }));
  await count(words(bo, "one of two"), 0);
  await press(log(ana), "Remove file");
  await see(words(bo, "one of two"));
  const [message] = await sentAs("one of two");
  assert.equal(message.files.length, 1);
});

for (const colorScheme of ["light", "dark"]) {
  home.scene(`axe finds nothing on a full tray and a file on its way, ${colorScheme}`, async () => {
    const ana = await here(home.people.ana, { colorScheme });
    const pieces = await hold(ana);
    await attach(ana, plain("under way.zip", 2 * MIB));
    await press(ana, "Send");
    await pieces.waiting();
    await see(progress(ana, "under way.zip"));
    await attach(ana, await picture(ana, "seen.png"), plain("card.zip"));
    await see(inTray(ana, "seen.png"));
    await healthy(ana, "a full tray");
    await press(ana, "Remove seen.png");
    await press(ana, "Remove card.zip");
    await press(progress(ana, "under way.zip"), "Cancel under way.zip");
    await count(button(ana, "Send"), 1);
  });
}
