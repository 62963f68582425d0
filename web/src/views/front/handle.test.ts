import { expect, test } from "vitest";
import { HANDLE, handleFrom } from "./handle";

test.each([
  ["Maren Holt", "maren"],
  ["Tomás Aguilar", "tomas"],
  ["Søren", "soren"],
  ["  Zoë ", "zoe"],
  ["O’Brien", "obrien"],
  ["李雷", ""],
  ["J", ""],
  ["", ""],
])("%s signs in as %s", (name, handle) => {
  expect(handleFrom(name)).toBe(handle);
  expect(handle === "" || HANDLE.test(handle)).toBe(true);
});
