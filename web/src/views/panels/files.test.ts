import { expect, it } from "vitest";
import type { SentFile } from "../../wire/types";
import { files as words } from "../../words/en/files";
import { colourOf, daysAgo, grid, iconOf, isNarrow, lines, nameOf, timeOf, wished } from "./files";

const NOW = new Date("2026-11-26T12:00:00");
let next = 1;
const file = (at: string, name = "a.jpg", more: Partial<SentFile> = {}): SentFile => {
  const id = next++;
  const picture = /jpg$/.test(name);
  return {
    id,
    room: 7,
    seq: id,
    author: 2,
    at: `${at}T10:00:00.000Z`,
    name,
    type: picture ? "image/jpeg" : "application/zip",
    size: 1000,
    ...(picture && { thumbhash: "1QcSHQRnh493V4dIh4eXh1h4kJUI" }),
    ...more,
  };
};
/** "November | a.jpg b.jpg | c.zip": what is drawn, line by line. */
const drawn = (files: SentFile[], columns = 3) =>
  lines(files, columns, NOW).map((line) =>
    line.kind === "month"
      ? line.name
      : line.kind === "pictures"
        ? line.files.map(({ name }) => name)
        : line.file.name,
  );

it("puts under each month its pictures in rows, then all the rest", () => {
  const files = [
    file("2026-11-20", "1.jpg"),
    file("2026-11-19", "2.zip"),
    file("2026-11-18", "3.jpg"),
    file("2026-11-17", "4.jpg"),
    file("2026-11-16", "5.jpg"),
    file("2026-10-31", "6.jpg"),
    file("2025-10-31", "7.zip"),
  ];
  expect(drawn(files)).toEqual([
    "November",
    ["1.jpg", "3.jpg", "4.jpg"],
    ["5.jpg"],
    "2.zip",
    "October",
    ["6.jpg"],
    "October 2025",
    "7.zip",
  ]);
  expect(drawn([])).toEqual([]);
});

it("moves nothing that is there when an older page comes", () => {
  const page = Array.from({ length: 60 }, (_, i) => file("2026-11-20", i % 2 ? `${i}.zip` : `${i}.jpg`));
  const before = lines(page, 4, NOW);
  const after = lines([...page, file("2026-11-02", "old.jpg"), file("2026-11-01", "old.zip")], 4, NOW);
  expect(after.slice(0, before.length)).toEqual(before);
  expect(new Set(after.map(({ key }) => key)).size).toBe(after.length);
});

it("has a line of its own for a picture that could not be read", () => {
  const { thumbhash: _, ...broken } = file("2026-11-20", "broken.jpg");
  expect(drawn([broken])).toEqual(["November", "broken.jpg"]);
  expect(iconOf(broken)).toBe("file");
});

it.each([
  [272, 3, 4, 88],
  [358, 3, 4, 116],
  [0, 3, 4, 1],
  [1120, 7, 8, 153],
])("fills %i pixels with %i columns", (width, columns, gap, tile) => {
  expect(grid(width)).toEqual({ columns, gap, tile });
});

it("asks for whole days of the reader's own calendar", () => {
  const { from, to } = wished({ from: "2026-11-01", to: "2026-11-02" });
  expect(Date.parse(to!) - Date.parse(from!)).toBe(2 * 86_400_000);
  expect(new Date(from!).getHours()).toBe(0);
  expect(wished({ q: "  ", kind: undefined, from: "" })).toEqual({});
  expect(isNarrow({ q: " " })).toBe(false);
  expect(isNarrow({ kind: "audio" })).toBe(true);
  expect(daysAgo(30, NOW)).toBe("2026-10-27");
  expect(timeOf({})).toBe("");
  expect(timeOf({ from: "2025-01-02" })).toBe("Since 2 Jan 2025");
});

it("names what nobody named, and how large it is", () => {
  expect(nameOf(file("2026-11-01", "x.ogg", { voice: true, duration_ms: 72_400 }))).toBe(
    "Voice message, 1:12",
  );
  expect(words.length(3_720_000)).toBe("1:02:00");
  expect([740, 999, 48_213, 999_600, 1_240_000, 31_000_000].map(words.size)).toEqual([
    "740 bytes",
    "999 bytes",
    "48 kB",
    "1 MB",
    "1.2 MB",
    "31 MB",
  ]);
});

it("reads the colour of a picture out of its thumbhash", () => {
  expect(colourOf("1QcSHQRnh493V4dIh4eXh1h4kJUI")).toMatch(/^rgb\(\d+ \d+ \d+\)$/);
  for (const none of [undefined, "", "AA==", "not base64!"]) expect(colourOf(none)).toBeUndefined();
});
