import { expect, it } from "vitest";
import { slug } from "./slug";

it.each([
  ["Bike bench", "bike-bench"],
  ["Café  & Bar!", "cafe-bar"],
  ["  Über uns ", "uber-uns"],
  ["print_room", "print-room"],
  ["東京", "東京"],
  ["--", ""],
  ["2026/Q1", "2026-q1"],
])("writes %j as #%s", (name, written) => {
  expect(slug(name)).toBe(written);
  expect(slug(written)).toBe(written);
});
