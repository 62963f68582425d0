import { describe, expect, it } from "vitest";
import { asFile } from "./paste";
import { resample } from "./recorder.svelte";

describe("a long text as a file", () => {
  it.each([
    ["a log", "12:01 started\n12:02 stopped", "paste.txt", "text/plain"],
    ["JSON", ' {"a": [1, 2]}', "paste.json", "application/json"],
    ["what only begins like JSON", "{not quite}", "paste.txt", "text/plain"],
    ["Markdown", "# Title\n\n- one\n- two\n", "paste.md", "text/markdown"],
    ["a list alone", "- one\n- two\n- three\n- four", "paste.txt", "text/plain"],
  ])("is named by what it looks like: %s", (_, text, name, type) => {
    const file = asFile(text);
    expect([file.name, file.type, file.size]).toEqual([name, type, text.length]);
  });
});

describe("a wave form", () => {
  it("keeps the loudest moment of each part", () => {
    expect(resample([1, 9, 2, 3, 0, 31], 3)).toEqual([9, 3, 31]);
    expect(resample([4, 5, 6, 7, 8], 2)).toEqual([5, 8]);
  });
  it("is as short as what was said", () => {
    expect(resample([7, 8], 64)).toEqual([7, 8]);
    expect(resample([], 64)).toEqual([]);
  });
});
