import { expect, it } from "vitest";
import type { Item } from "../../state/activity.svelte";
import { daysOf, excerpt } from "./rows";

const item = (cause: Item["cause"], at: string, by: number, seq: number, emoji?: string): Item =>
  ({ cause, at, by, room: 7, seq, message: {}, ...(emoji && { emoji }) }) as Item;

it("makes one line of all reactions to one message on one day", () => {
  const days = daysOf([
    item("reaction", "2026-11-24T12:00:00", 2, 43, "👍"),
    item("mention", "2026-11-24T11:30:00", 3, 44),
    item("reaction", "2026-11-24T11:00:00", 3, 43, "❤️"),
    item("reaction", "2026-11-24T10:00:00", 2, 43, "🎉"),
    item("reaction", "2026-11-24T09:00:00", 2, 42, "👍"),
    item("reaction", "2026-11-23T12:00:00", 4, 43, "👍"),
  ]);
  expect(days.map(({ lines }) => lines.map(({ cause, seq, by, emoji }) => [cause, seq, by, emoji]))).toEqual([
    [
      ["reaction", 43, [2, 3], ["👍", "❤️", "🎉"]],
      ["mention", 44, [3], []],
      ["reaction", 42, [2], ["👍"]],
    ],
    [["reaction", 43, [4], ["👍"]]],
  ]);
  const keys = days.flatMap(({ lines }) => lines.map(({ key }) => key));
  expect(new Set(keys).size).toBe(keys.length);
});

it("is empty where nothing happened", () => {
  expect(daysOf([])).toEqual([]);
});

it.each([
  ["**Who** has the `key`?", "Who has the key?"],
  ["> quoted\n\n- one\n- two", "quoted one two"],
  ["see [the list](https://a.example) ~~now~~", "see the list now"],
  ["it was ||the butler||", "it was ▒▒▒"],
  ["2 * 3 * 4", "2 * 3 * 4"],
  ["```js\nlet a\n```", "let a"],
])("says %j without the signs of Markdown", (text, plain) => {
  expect(excerpt(text)).toBe(plain);
});

it("ends a long text with a sign for it", () => {
  expect(excerpt("a".repeat(300), 10)).toBe(`${"a".repeat(10)}…`);
  expect(excerpt("👍".repeat(11), 10)).toBe(`${"👍".repeat(10)}…`);
});
