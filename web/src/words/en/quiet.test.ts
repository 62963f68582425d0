import { expect, it } from "vitest";
import { FOREVER } from "../../lib/quiet";
import { quiet } from "./quiet";

const now = new Date("2026-11-24T13:00:00");
it.each([
  ["2026-11-24T14:30:00", "until 14:30"],
  ["2026-11-25T08:00:00", "until tomorrow, 08:00"],
  ["2026-11-27T08:00:00", "until Friday, 08:00"],
  ["2026-12-01T08:00:00", "until 1 December, 08:00"],
])("says when %s is", (at, text) => {
  // By the system's own habit it may be "2:30 PM".
  const plain = quiet
    .until(new Date(at), now)
    .replace(
      /(\d+):(\d+)\s?(AM|PM)/i,
      (_, h, m, half) => `${String((h % 12) + (half === "PM" ? 12 : 0)).padStart(2, "0")}:${m}`,
    );
  expect(plain).toBe(text);
});

it("names no end where there is none", () => {
  expect(quiet.mutedUntil(FOREVER)).toBe("");
});
