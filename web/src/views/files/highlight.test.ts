import { expect, test } from "vitest";
import { highlight } from "./highlight";
import { languageOf } from "./languages";

test.each([
  ["a.rs", 'fn main() { println!("hi {}", 1); } // end'],
  ["a.html", "<p class='x'>a &amp; b</p><script>let a = `x`;</script>"],
  ["a.py", "def f(x):\n    return '<b>' # no markup"],
  ["a.json", '{"a": [1, true, null]}'],
  ["Dockerfile", "FROM debian:13\nRUN echo hi"],
])("%s keeps every letter", (name, text) => {
  const tokens = highlight(text, languageOf(name)!);
  expect(tokens.map((token) => token.text).join("")).toBe(text);
  expect(tokens.some((token) => token.look !== "")).toBe(true);
});

test("keywords, strings and comments look different", () => {
  const tokens = highlight('let a = "b"; // c', "javascript");
  const look = (text: string) => tokens.find((token) => token.text.includes(text))?.look;
  expect([look("let"), look('"b"'), look("// c")]).toEqual(["word", "tint", "note"]);
});

test("a name without a language is plain", () => expect(languageOf("notes.txt")).toBeUndefined());
