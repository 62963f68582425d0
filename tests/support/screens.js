// What a person does on the screen, by the words and roles that they meet there.

import assert from "node:assert/strict";
import { PASSWORD } from "./api.js";
import { eventually, see } from "./house.js";

export const field = (page, label) => page.getByLabel(label, { exact: true });
export const button = (page, name) => page.getByRole("button", { name, exact: typeof name === "string" });
export const press = (page, name) => button(page, name).click();
/** The list of rooms and people at the side. */
export const sidebar = (page) => page.getByRole("navigation", { name: "Rooms and people" });
export const log = (page) => page.getByRole("log");
export const composer = (page) => page.getByLabel(/^Write to /);
/** The composer of one room: it stands there once the room is open. */
export const composerOf = (page, name) => page.getByLabel(`Write to ${name}`, { exact: true });
export const dialog = (page, name) => page.getByRole("dialog", { name });
/** The words of a message in the log. */
export const words = (page, text) => log(page).getByText(text, { exact: typeof text === "string" });

/** Waits until a field is blamed with a text that stands beside it. */
export async function blamed(page, label, pattern) {
  const input = field(page, label);
  await eventually(async () => {
    assert.equal(await input.getAttribute("aria-invalid"), "true", `${label} is marked`);
    const told = (await input.getAttribute("aria-describedby")) ?? "";
    assert.match(await page.locator(`[id="${told}"]`).innerText(), pattern);
  });
}

export async function signIn(page, username, password = PASSWORD) {
  await field(page, "Name").fill(username);
  await field(page, "Password").fill(password);
  await press(page, "Sign in");
}

/** Opens a room by its name in the sidebar. */
export async function enter(page, name) {
  await sidebar(page)
    .getByRole("link", { name: starts(name) })
    .first()
    .click();
  await see(composerOf(page, name));
}

export async function say(page, text) {
  await composer(page).fill(text);
  await composer(page).press("Enter");
  await see(words(page, text.split("\n")[0]));
}

/** What a row of the sidebar is called begins with its room's name; counts follow. */
export const row = (page, name) =>
  sidebar(page)
    .getByRole("link", { name: starts(name) })
    .first();

export function starts(name) {
  return new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`);
}
