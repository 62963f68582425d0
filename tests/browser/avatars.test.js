import assert from "node:assert/strict";
import { healthy } from "../support/axe.js";
import { chosen, png } from "../support/files.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import { composer, dialog, log, press, words } from "../support/screens.js";

const home = house();
home.prepare(() => home.person("bo", "Bo Lind"));

const RED = [220, 40, 40];
const BLUE = [40, 60, 220];
const TWO = () => chosen("two.png", "image/png", png(800, 400, RED, BLUE));
const choose = (page, file) => page.locator("input[type=file]").setInputFiles(file);
const sheet = (page) => dialog(page, "Your picture");
const stage = (page) => sheet(page).getByRole("group", { name: /^The picture/ });

/** The colour in the middle of a picture as it stands on the screen, once it is there. */
const colour = (picture) =>
  eventually(async () => {
    const found = await picture.first().evaluate((img) => {
      if (!img.complete || img.naturalWidth === 0) return undefined;
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 1;
      const brush = canvas.getContext("2d");
      brush.drawImage(img, 0, 0, 1, 1);
      return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
    });
    assert.ok(found, "the picture is there");
    return found;
  });
const isRed = ([red, , blue]) => red > 150 && blue < 100;
const isBlue = ([red, , blue]) => blue > 150 && red < 100;

async function settings(person, options) {
  const page = await home.page(person, { path: "/settings/profile", ...options });
  await see(page.getByRole("heading", { name: "Profile" }));
  return page;
}

home.scene("a picture is cut to the doorway, and others see it at once", async () => {
  const bo = await home.page(home.people.bo);
  await see(composer(bo));
  await home.people.ana.api.say(home.lobby.id, "who am I?");
  await see(words(bo, "who am I?"));
  const faces = log(bo).locator("img[src*='/thumbnail']");
  await count(faces, 0);

  const ana = await settings(home.people.ana);
  await choose(ana, TWO());
  await see(stage(ana));
  // To its right end, however far one presses: the picture goes to the left under the doorway.
  for (let i = 0; i < 20; i += 1) await stage(ana).press("ArrowLeft");
  await stage(ana).press("+");
  await press(sheet(ana), "Use it");
  await gone(sheet(ana));
  assert.ok(isBlue(await colour(log(bo).locator("img[src*='/thumbnail']"))), "the half that was chosen");
  await see(ana.getByRole("button", { name: "Take it away" }));

  // Another one takes its place; dragged by the mouse.
  await choose(ana, TWO());
  await see(stage(ana));
  const { x, y, width, height } = await stage(ana).boundingBox();
  await ana.mouse.move(x + width / 2, y + height / 2);
  await ana.mouse.down();
  await ana.mouse.move(x + width, y + height / 2, { steps: 5 });
  await ana.mouse.up();
  await press(sheet(ana), "Use it");
  await gone(sheet(ana));
  await eventually(async () => assert.ok(isRed(await colour(faces))));

  await press(ana, "Take it away");
  await count(faces, 0);
  await gone(ana.getByRole("button", { name: "Take it away" }));
});

home.scene("a picture can be dropped, and is there after a reload", async () => {
  const ana = await settings(home.people.ana);
  const bytes = [...png(64, 64, RED)];
  const transfer = await ana.evaluateHandle((bytes) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], "red.png", { type: "image/png" }));
    return transfer;
  }, bytes);
  const place = ana.getByText("Or drop one here.");
  for (const kind of ["dragover", "drop"]) await place.dispatchEvent(kind, { dataTransfer: transfer });
  await press(sheet(ana), "Use it");
  await gone(sheet(ana));
  await ana.reload();
  const mine = ana.getByRole("link", { name: /Ana Ferreira/ }).locator("img[src*='/thumbnail']");
  assert.ok(isRed(await colour(mine)));
});

home.scene("what is no picture is refused in words, and so is what the server refuses", async () => {
  const ana = await settings(home.people.ana);
  await choose(ana, chosen("notes.txt", "text/plain", Buffer.from("hello")));
  await see(ana.getByRole("alert").getByText("That is not a picture."));
  await choose(ana, chosen("broken.png", "image/png", Buffer.from("no picture at all")));
  await see(ana.getByRole("alert").getByText(/cannot be read/));
  await gone(sheet(ana));

  await ana.route("**/api/v1/files", (route) => route.abort());
  await choose(ana, TWO());
  await press(sheet(ana), "Use it");
  await see(sheet(ana).getByRole("alert"));
  await ana.unroute("**/api/v1/files");
  await press(sheet(ana), "Use it");
  await gone(sheet(ana));
});

home.scene("by keyboard alone, and axe finds nothing", async () => {
  const ana = await settings(home.people.ana);
  await healthy(ana, "the profile");
  await choose(ana, TWO());
  await eventually(async () =>
    assert.ok(await stage(ana).evaluate((node) => node === document.activeElement)),
  );
  await healthy(ana, "cutting a picture");
  const size = sheet(ana).getByRole("slider", { name: "Size" });
  await eventually(async () => assert.equal(await size.getAttribute("aria-valuetext"), "100 %"));
  await stage(ana).press("+");
  await eventually(async () => assert.equal(await size.getAttribute("aria-valuetext"), "110 %"));
  await stage(ana).press("-");
  await eventually(async () => assert.equal(await size.getAttribute("aria-valuetext"), "100 %"));
  await ana.keyboard.press("Escape");
  await gone(sheet(ana));
});
