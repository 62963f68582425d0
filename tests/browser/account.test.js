import assert from "node:assert/strict";
import { Api, PASSWORD } from "../support/api.js";
import { healthy } from "../support/axe.js";
import { count, eventually, gone, house, see } from "../support/house.js";
import {
  blamed,
  button,
  composer,
  field,
  log,
  press,
  say,
  sidebar,
  signIn,
  starts,
  words,
} from "../support/screens.js";

const home = house();
home.prepare(() => home.person("bo", "Bo Lind"));

home.scene("register and sign in; wrong input is answered beside its field", async () => {
  const page = await home.page();
  await signIn(page, "bo", "not the password");
  await see(page.getByRole("alert"));
  await press(page, "Make an account");

  await field(page, "Your name").fill("Bo");
  await field(page, "Password").fill(PASSWORD);
  await press(page, "Come in");
  await blamed(page, "Short name", /taken/i);
  await field(page, "Short name").fill("bo again!");
  await press(page, "Come in");
  await blamed(page, "Short name", /2 to 32/);
  await field(page, "Short name").fill("bo2");
  await press(page, "Come in");
  await see(composer(page));
});

home.scene("one stays logged in over a reload and a restart of the server", async () => {
  const page = await home.page();
  await signIn(page, "bo");
  await see(composer(page));
  await page.reload();
  await see(composer(page));
  await home.program.stop();
  await home.program.up();
  await page.reload();
  await see(composer(page));
  await say(page, "still the same Bo");
});

home.scene("sessions are listed, and one that is ended is at the door at once", async () => {
  const here = await home.page();
  await signIn(here, "bo");
  await see(composer(here));
  const there = await home.page();
  await signIn(there, "bo");
  await see(composer(there));

  await here.goto(`${home.url}/settings/sessions`);
  await see(here.getByText("This one"));
  const { sessions } = await home.people.bo.api.get("sessions");
  await count(here.getByRole("button", { name: /^End the session/ }), sessions.length - 1);
  for (let left = sessions.length - 1; left > 0; left -= 1) {
    await here
      .getByRole("button", { name: /^End the session/ })
      .first()
      .click();
    await count(here.getByRole("button", { name: /^End the session/ }), left - 1);
  }
  await see(there.getByRole("heading", { name: "Come in" }));
  await see(there.getByText(/^You were signed out\./));
  await healthy(there, "signed out elsewhere");
  await see(here.getByText("This one"));

  await press(here, "Sign out");
  await see(here.getByRole("heading", { name: "Come in" }));
  assert.equal(await here.getByText(/^You were signed out\./).count(), 0);
  await here.goto(`${home.url}/r/${home.lobby.id}`);
  await see(here.getByRole("heading", { name: "Come in" }));
});

home.scene("name, initials, colour and status are seen by others as they change", async () => {
  const ana = await home.page(home.people.ana);
  await say(ana, "who am I?");
  const cleo = await home.person("cleo", "Cleo Marsh");
  const other = await home.page(cleo);
  await see(words(other, "who am I?"));

  await ana.goto(`${home.url}/settings/profile`);
  await field(ana, "Your name").fill("");
  await press(ana, "Save");
  await blamed(ana, "Your name", /You need a name/);
  await field(ana, "Your name").fill("Ana of the Garden");
  await field(ana, "Initials").fill("AG");
  await ana.getByRole("radio", { name: "Violet" }).check({ force: true });
  await field(ana, "Status").fill("among the beans");
  await press(ana, "Save");

  await see(other.getByRole("log").getByText("Ana of the Garden"));
  await eventually(async () => {
    const me = await home.people.ana.api.get("me");
    assert.deepEqual(
      [me.name, me.avatar, me.colour, me.status],
      ["Ana of the Garden", "AG", "violet", "among the beans"],
    );
  });
});

home.scene("a new password ends the other sessions", async () => {
  const dora = await home.person("dora", "Dora");
  const old = await home.page(dora);
  await see(composer(old));
  const page = await home.page();
  await signIn(page, "dora");
  await see(composer(page));

  await page.goto(`${home.url}/settings/password`);
  await field(page, "Password now").fill("wrong one here");
  await field(page, "New password").fill("a much better one");
  await press(page, "Change password");
  await blamed(page, "Password now", /./);
  await field(page, "Password now").fill(PASSWORD);
  await press(page, "Change password");
  await see(page.getByText("Changed. Your other sessions have ended."));
  await see(old.getByRole("heading", { name: "Come in" }));
  await gone(composer(old));

  await signIn(old, "dora", PASSWORD);
  await see(old.getByRole("alert"));
  await signIn(old, "dora", "a much better one");
  await see(composer(old));
  assert.equal(await button(page, "Sign in").count(), 0);
});

home.scene("who signs in after me finds nothing of mine, and what I deleted is deleted", async () => {
  const ana = await home.person("una", "Una Sand");
  const next = await home.person("vic", "Vic Holm");
  const room = await ana.api.post("rooms", { name: "Only mine", private: true });
  await ana.api.patch("me", { settings: { theme: "dark", dense: true } });
  const { seq } = await ana.api.say(room.id, "to be gone");
  const page = await home.page(ana, { path: `/r/${room.id}` });
  await log(page).getByRole("article").filter({ hasText: "to be gone" }).focus();
  await page.keyboard.press("Delete");
  await gone(words(page, "to be gone"));
  // Within the page: to leave it would delete at once.
  await page.evaluate(() => {
    history.pushState(null, "", "/settings/sessions");
    dispatchEvent(new PopStateEvent("popstate"));
  });
  await press(page, "Sign out");
  await see(page.getByRole("heading", { name: "Come in" }));
  await signIn(page, next.user.username);
  await page.evaluate(() => {
    history.pushState(null, "", "/");
    dispatchEvent(new PopStateEvent("popstate"));
  });
  await see(sidebar(page).getByRole("link", { name: starts("Lobby") }));
  assert.equal(await page.getByText("Only mine").count(), 0);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme ?? ""), "");
  const { token } = await new Api(home.url).post("sessions", { username: "una", password: PASSWORD });
  const left = await new Api(home.url, token).get(`rooms/${room.id}/messages`);
  assert.deepEqual(
    left.messages.filter((message) => message.seq === seq && !message.erased),
    [],
  );
});
