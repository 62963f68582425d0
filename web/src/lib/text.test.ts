import { expect, it } from "vitest";
import { isBigEmoji, pieces } from "./text";

const links = (text: string) => pieces(text).flatMap((piece) => (piece.kind === "link" ? [piece.text] : []));
const calls = (text: string) => pieces(text).flatMap((piece) => (piece.kind === "call" ? [piece.name] : []));

it.each([
  ["see https://a.example/x.", ["https://a.example/x"]],
  ["(https://a.example/x)", ["https://a.example/x"]],
  ["https://en.example/wiki/A_(b) yes", ["https://en.example/wiki/A_(b)"]],
  ["http://a.example, https://b.example!", ["http://a.example", "https://b.example"]],
  ["javascript:alert(1) java\tscript:x data:text/html,x", []],
  ["ftp://a.example file:///etc/passwd", []],
  ["https://bank.example@evil.example/", []],
  ["https://", []],
  ["xhttps://a.example", []],
  ["https://a.example/@ana", ["https://a.example/@ana"]],
])("finds the links of %j", (text, found) => {
  expect(links(text)).toEqual(found);
});

// The same table as in crates/protocol/src/mention.rs
it.each([
  ["@ana hello", ["ana"]],
  ["hello @Ana, and (@bo)!", ["ana", "bo"]],
  ["mail a@b.example or x@y", []],
  ["see @ana.", ["ana"]],
  ["@room please", ["room"]],
  ["@roommate", ["roommate"]],
  ["a @ alone @@twice", []],
  ["https://host/@ana", []],
])("finds who is called in %j", (text, found) => {
  expect(calls(text)).toEqual(found);
});

it("loses no letter", () => {
  for (const text of ["a https://a.example/, @bo b", "@@", "", "https://a.example@", "x\n\n@ana.\n"]) {
    expect(
      pieces(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  }
});

it("keeps its time with hostile text", () => {
  const start = performance.now();
  pieces("(".repeat(16_000));
  pieces(`https://a.example/${")".repeat(16_000)}`);
  pieces("@".repeat(16_000));
  expect(performance.now() - start).toBeLessThan(1500);
});

it.each([
  ["🎉", true],
  ["👍🏽 👩‍👩‍👧", true],
  ["🇩🇪", true],
  ["1️⃣", true],
  ["❤️", true],
  ["1", false],
  ["#", false],
  ["ok 🎉", false],
  ["", false],
  ["🎉".repeat(7), false],
])("knows whether %j is drawn big", (text, big) => {
  expect(isBigEmoji(text)).toBe(big);
});
