import { describe, expect, test } from "vitest";
import { diff, type Piece } from "./diff";

const of = (kind: Piece["kind"], pieces: Piece[]) =>
  pieces
    .filter((one) => one.kind !== kind)
    .map((one) => one.text)
    .join("");

describe("what changed between two texts", () => {
  test("names the words that came and went", () => {
    expect(diff("the door is red and open", "the door is green and open")).toEqual([
      { kind: "same", text: "the door is " },
      { kind: "gone", text: "red" },
      { kind: "new", text: "green" },
      { kind: "same", text: " and open" },
    ]);
  });

  test.each([
    ["", "a b"],
    ["a b", ""],
    ["same", "same"],
    ["a b c d", "b d e a"],
    ["x\n\ny", "x\ny z"],
    ["naïve café", "naïve cafés, né"],
    ["a ".repeat(1500), `${"b ".repeat(1500)}end`],
  ])("never loses a letter of either: %#", (before, now) => {
    const pieces = diff(before, now);
    expect(of("new", pieces)).toBe(before);
    expect(of("gone", pieces)).toBe(now);
  });
});
