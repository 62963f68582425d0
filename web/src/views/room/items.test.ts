import { describe, expect, it } from "vitest";
import type { Row } from "../../state/fold";
import type { Pending } from "../../state/outbox.svelte";
import { type Item, items, screenful } from "./items";

const day = (time: string) => new Date(`2026-06-12T${time}`).toISOString();
const said = (seq: number, author: number, time = "12:00:00", client_id = `c${seq}`): Row => ({
  head: seq,
  entry: {
    seq,
    at: day(time),
    author,
    kind: "message",
    text: `${seq}`,
    client_id,
    mentions: [],
    files: [],
    reactions: [],
  },
});
const pending = (client_id: string, rest: Partial<Pending> = {}): Pending => ({
  client_id,
  user: 1,
  tab: "t",
  room: 7,
  text: client_id,
  at: day("12:00:30"),
  after: 0,
  state: "waiting",
  ...rest,
});
/** A word for each item: author and group edges, or its kind. */
const sketch = (list: Item[]) =>
  list
    .map((item) =>
      item.kind === "said" ? `${item.first ? "(" : ""}${item.text}${item.last ? ")" : ""}` : item.kind,
    )
    .join(" ");

describe("items", () => {
  it("groups one person's messages for five minutes and opens each day", () => {
    const rows = [
      said(1, 2),
      said(2, 2, "12:04:00"),
      said(3, 2, "12:06:00"),
      said(4, 3, "12:06:10"),
      said(5, 2, "12:06:20"),
    ];
    expect(sketch(items(rows, [], 1, null))).toBe("day (1 2) (3) (4) (5)");
  });

  it("breaks a group where the unread begin, and draws no line above my own", () => {
    expect(sketch(items([said(1, 2), said(2, 2)], [], 1, 2))).toBe("day (1) new (2)");
    expect(sketch(items([said(1, 2), said(2, 1), said(3, 2)], [], 1, 2))).toBe("day (1) (2) new (3)");
  });

  it("collapses lines that follow each other", () => {
    const line = (seq: number): Row => ({
      head: seq,
      entry: { seq, at: day("12:00:00"), author: 2, kind: "joined", users: [seq] },
    });
    const list = items([line(1), line(2), said(3, 2), line(4)], [], 1, null);
    expect(sketch(list)).toBe("day lines (3) lines");
    expect(list[1]).toMatchObject({ entries: [{ seq: 1 }, { seq: 2 }] });
  });

  it("keeps the key when the server's copy takes the place of the pending one", () => {
    const before = items([said(1, 2)], [pending("x")], 1, null);
    const after = items([said(1, 2), said(2, 1, "12:00:31", "x")], [], 1, null);
    expect(after.map((item) => item.key)).toEqual(before.map((item) => item.key));
  });

  it("leaves a refused message in its place, and what waits at the end", () => {
    const list = items(
      [said(1, 1), said(5, 1)],
      [pending("no", { state: "failed", after: 1 }), pending("w")],
      1,
      null,
    );
    expect(list.flatMap((item) => (item.kind === "said" ? [item.text] : []))).toEqual(["1", "no", "5", "w"]);
  });

  it("shows once what was sent and not yet known to be", () => {
    const list = items([said(1, 1, "12:00:00", "x")], [pending("x")], 1, null);
    expect(sketch(list)).toBe("day (1)");
  });

  it("is not led astray by a clock that is behind", () => {
    const list = items([said(1, 2)], [pending("x", { at: "2020-01-01T00:00:00Z" })], 1, null);
    expect(sketch(list)).toBe("day (1) (x)");
  });
});

describe("screenful", () => {
  const list = items(
    Array.from({ length: 50 }, (_, i) => said(i + 1, 2 + (i % 2))),
    [],
    1,
    null,
  );
  const seqs = (part: Item[]) => part.flatMap((item) => (item.kind === "said" ? [item.entry?.seq ?? 0] : []));
  const span = (part: Item[]) => [seqs(part)[0], seqs(part).at(-1)];

  it("is the end, or what is around the eye", () => {
    // Each of these is the first of its group.
    expect(span(screenful(list, null, 640, 800))).toEqual([41, 50]);
    expect(span(screenful(list, 30, 640, 800))).toEqual([25, 39]);
    expect(span(screenful(list, 48, 640, 800))).toEqual([41, 50]);
    expect(span(screenful(list, 1, 640, 800))).toEqual([1, 10]);
    expect(span(screenful(list, 99, 640, 800))).toEqual([41, 50]);
    expect(screenful(list, 30, 6400, 800)).toBe(list);
  });

  it("is fewer where they are long, and more where a window is wide", () => {
    const long = items(
      Array.from({ length: 50 }, (_, i) => {
        const row = said(i + 1, 2 + (i % 2));
        return { ...row, entry: { ...row.entry, text: "word ".repeat(40) } } as Row;
      }),
      [],
      1,
      null,
    );
    expect(screenful(long, null, 640, 360).length).toBe(4);
    expect(screenful(long, null, 640, 800).length).toBe(6);
  });
});
