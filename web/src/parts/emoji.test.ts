import { beforeEach, expect, test } from "vitest";
import { emojiNamed, keepRecent, recentEmoji, searchEmoji, toned } from "./emoji";

beforeEach(() => localStorage.clear());
const first = async (query: string) => (await searchEmoji(query))[0]?.char;

test("finds by short name, exact before prefix, then by keyword", async () => {
  expect(await first("wave")).toBe("👋");
  expect(await first("tada")).toBe("🎉");
  expect(await first("+1")).toBe("👍️");
  expect((await searchEmoji("hello")).map((it) => it.char)).toContain("👋");
  expect(await searchEmoji("")).toEqual([]);
  expect(await searchEmoji("zzzzz")).toEqual([]);
  expect(await searchEmoji("a", 5)).toHaveLength(5);
});

test("puts the skin tone where Unicode has it", async () => {
  const wave = (await emojiNamed("wave"))!;
  expect(toned(wave, 0)).toBe("👋");
  expect(toned(wave, 3)).toBe("👋🏽");
  expect(toned((await emojiNamed("+1"))!, 5)).toBe("👍🏿");
  expect(toned((await emojiNamed("heart"))!, 3)).toBe("❤️");
});

test("remembers the last ones, each once, newest first, three rows of them", () => {
  for (const char of ["a", "b", "a"]) keepRecent(char);
  expect(recentEmoji()).toEqual(["a", "b"]);
  for (let i = 0; i < 40; i++) keepRecent(String(i));
  expect(recentEmoji()).toHaveLength(27);
  localStorage.setItem("parlour.emoji.recent", "{broken");
  expect(recentEmoji()).toEqual([]);
});
