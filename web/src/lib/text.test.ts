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

const own = (text: string) => pieces(text).flatMap((piece) => (piece.kind === "emoji" ? [piece.name] : []));
it.each([
  ["a :shed: in the garden", ["shed"]],
  [":shed::bike-2:", ["shed", "bike-2"]],
  ["(:shed:), :old_shed:.", ["shed", "old_shed"]],
  ["@ana :shed: https://a.example/:no:", ["shed"]],
  ["at 10:30:45, a:shed:, :shed:s", []],
  [":a: :Shed: : shed: ::", []],
  [`:${"a".repeat(33)}:`, []],
])("finds what may be an emoji of our own in %j", (text, found) => {
  expect(own(text)).toEqual(found);
});

const doors = (text: string) => pieces(text).flatMap((piece) => (piece.kind === "room" ? [piece.text] : []));
it.each([
  ["see #bike-bench.", ["#bike-bench"]],
  ["(#lobby), #Über_uns!", ["#lobby", "#Über_uns"]],
  ["a#b ##c &#39; https://a.example/#d /#e @#f", []],
  ["# not a room, #-nor this", []],
  ["#7 and #café-", ["#7", "#café"]],
  ["#a@bo", ["#a"]],
])("finds what may be a room in %j", (text, found) => {
  expect(doors(text)).toEqual(found);
});

it("loses no letter", () => {
  for (const text of [
    ":shed::",
    ":a:shed:b: @bo:shed:",
    "#a#b #c- @bo#d",
    "a https://a.example/, @bo b",
    "@@",
    "",
    "https://a.example@",
    "x\n\n@ana.\n",
  ]) {
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
  pieces(":aa".repeat(6_000));
  pieces("#a-".repeat(6_000));
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

it.each([
  [":shed:", true],
  [":shed: 🎉:shed:", true],
  [":hut:", false],
  [":shed: here", false],
  [":shed:".repeat(7), false],
])("draws emoji of our own big where they are there: %j", (text, big) => {
  expect(isBigEmoji(text, (name) => name === "shed")).toBe(big);
});
