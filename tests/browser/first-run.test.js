import assert from "node:assert/strict";
import { Api } from "../support/api.js";
import { healthy } from "../support/axe.js";
import { eventually, house, see } from "../support/house.js";
import { blamed, composer, dialog, field, press, sidebar, starts } from "../support/screens.js";

const home = house({ empty: true });

home.scene("the first visitor opens the door, and the second finds it as it was left", async () => {
  const owner = await home.page();
  await see(owner.getByRole("heading", { name: "A room to talk in" }));

  // Wrong input is answered beside its field.
  await press(owner, "Open the door");
  await blamed(owner, "What is this place called?", /Give the place a name/);
  await blamed(owner, "Your name", /Say what you are called/);
  await blamed(owner, "Password", /Write your password/);

  await field(owner, "What is this place called?").fill("Ferry Lane");
  await field(owner, "Your name").fill("Maren Holt");
  await see(owner.getByText(/Others write @maren/));
  await field(owner, "Password").fill("short");
  await owner.getByRole("radio", { name: "People with a link" }).check();
  await press(owner, "Open the door");
  await blamed(owner, "Password", /at least 8 characters/);
  await field(owner, "Password").fill("long enough by far");
  await press(owner, "Open the door");

  // A first room is there to talk in.
  await see(composer(owner));
  await see(sidebar(owner).getByRole("link", { name: starts("Lobby") }));
  await see(owner.getByText("Ferry Lane").first());
  const server = await new Api(home.url).get("server");
  assert.deepEqual([server.name, server.join, server.setup], ["Ferry Lane", "invited", false]);

  // Who is alone brings others in by a link.
  await press(owner, "Add people");
  const add = dialog(owner, "Add people to Lobby");
  await see(add.getByText(/Nobody else has an account here yet/));
  await healthy(owner, "nobody to add");
  await press(add, "Make an invite link");
  await see(dialog(owner, "Invite links"));
  await press(dialog(owner, "Invite links"), "Close");

  // A second visitor is no owner, and finds the door closed.
  const visitor = await home.page();
  await see(visitor.getByRole("heading", { name: "Come in" }));
  await press(visitor, "Make an account");
  await see(visitor.getByRole("heading", { name: "The door is closed" }));
  await see(visitor.getByText(/People join here by a link/));

  // The owner makes a link; whoever has it comes in.
  await press(owner, /Ferry Lane/);
  await owner.getByRole("menuitem", { name: "Invite links" }).click();
  await press(owner, "Make a link");
  await press(owner, /^Copy link/);
  const link = await eventually(async () => {
    const text = await owner.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /\/join#[\w-]+$/);
    return text;
  });
  await visitor.goto(link);
  await visitor.reload();
  await field(visitor, "Your name").fill("Bo");
  await field(visitor, "Password").fill("another long one");
  await press(visitor, "Come in");
  await see(composer(visitor));
  await see(owner.getByRole("log").getByText(/Bo joined/));
});

home.scene("a link that no longer works says so before one fills in anything", async () => {
  const page = await home.page(undefined, { path: "/join#nosuchcode" });
  await see(page.getByRole("heading", { name: "The door is closed" }));
  await see(page.getByText(/This link no longer works/));
  await healthy(page, "a dead link");
  // Where anybody may join it is not needed.
  const maren = { username: "maren", password: "long enough by far" };
  const { token } = await new Api(home.url).post("sessions", maren);
  await new Api(home.url, token).patch("server", { join: "anyone" });
  await page.reload();
  await field(page, "Your name").fill("Cleo");
  await field(page, "Password").fill("another long one");
  await press(page, "Come in");
  await see(composer(page));
});
