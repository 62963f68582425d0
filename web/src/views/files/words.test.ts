import { describe, expect, test } from "vitest";
import { showing } from "../../words/en/showing";
import { ownLinks } from "./quotes.svelte";

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1000, "1 kB"],
  [1449, "1.4 kB"],
  [48_213, "48 kB"],
  [999_499, "999 kB"],
  [999_500, "1 MB"],
  [3_456_789, "3.5 MB"],
  [25_000_000, "25 MB"],
  [7_000_000_000_000, "7 TB"],
])("%d bytes are %s", (bytes, words) => expect(showing.size(bytes)).toBe(words));

test.each([
  [0, "0:00"],
  [7.4, "0:07"],
  [59.6, "1:00"],
  [750, "12:30"],
  [3723, "1:02:03"],
])("%d seconds are %s", (seconds, words) => expect(showing.clock(seconds)).toBe(words));

describe("a message without words", () => {
  const file = (type: string, more = {}) => ({ type, name: "a.bin", ...more });
  test.each([
    [[], ""],
    [[file("image/png")], "Picture"],
    [[file("image/png"), file("image/jpeg")], "2 pictures"],
    [[file("image/png"), file("text/plain"), file("text/plain")], "3 files"],
    [[file("audio/ogg", { voice: true, duration_ms: 12_000 })], "Voice message (0:12)"],
    [[file("audio/ogg", { voice: true })], "Voice message"],
    [[file("video/mp4")], "Video"],
    [[file("application/zip")], "a.bin"],
  ])("%j", (files, words) => expect(showing.summary(files)).toBe(words));
});

describe("links to messages of this server", () => {
  const here = location.origin;
  test.each([
    [`see ${here}/r/7/42.`, [{ room: 7, seq: 42 }]],
    [
      `${here}/r/7/42 ${here}/r/7/42 ${here}/r/8/1`,
      [
        { room: 7, seq: 42 },
        { room: 8, seq: 1 },
      ],
    ],
    [`${here}/r/7`, []],
    [`${here}/settings`, []],
    ["https://elsewhere.example/r/7/42", []],
    [`https://elsewhere.example/?${here}/r/7/42`, []],
    [`${here}.evil.example/r/7/42`, []],
    ["/r/7/42", []],
    [[1, 2, 3, 4].map((seq) => `${here}/r/7/${seq}`).join(" "), [1, 2, 3].map((seq) => ({ room: 7, seq }))],
  ])("%s", (text, links) => expect(ownLinks(text)).toEqual(links));
});
