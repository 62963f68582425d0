import { describe, expect, it } from "vitest";
import type { Event } from "../wire/types";
import { apply, type Fold, foldOf, rowAt } from "./fold";

type Fixture = { events: Event[]; folded: Record<string, unknown> };
const fixtures = import.meta.glob<Fixture>("../../../fixtures/*.json", { eager: true, import: "default" });

/** In the fixtures' own shape. */
function plain(fold: Fold) {
  return {
    head: fold.head,
    ...(fold.name !== undefined && { name: fold.name }),
    ...(fold.topic !== undefined && { topic: fold.topic }),
    archived: fold.archived,
    ...(fold.previews_off && { previews_off: true }),
    members: Object.fromEntries(fold.members ?? []),
    entries: fold.rows.map((row) => row.entry),
  };
}

describe.each(Object.entries(fixtures))("%s", (_, { events, folded }) => {
  it("folds to what it says", () => {
    expect(plain(foldOf(events))).toEqual(folded);
  });

  it("is not changed by events that come twice", () => {
    expect(plain(foldOf(events.flatMap((event) => [event, event])))).toEqual(folded);
  });

  it("is the same from a page at any head and the events since", () => {
    for (let cut = 0; cut <= events.length; cut += 1) {
      const page = foldOf(events.slice(0, cut));
      // The page was read at `cut`; the live line had only brought what came before, and brings some again.
      const late = Math.max(0, cut - 3);
      const fold: Fold = { ...page, rows: page.rows.map((row) => ({ ...row, head: page.head })) };
      fold.head = events[late - 1]?.seq ?? 0;
      fold.end = fold.told = page.head;
      fold.members = undefined;
      for (const event of events.slice(late)) apply(fold, event);
      expect(fold.rows.map((row) => row.entry)).toEqual(folded.entries);
      expect(fold.archived).toBe(folded.archived);
    }
  });
});

const at = "2026-06-12T09:00:00.000Z";

it("leaves a window that does not reach the present closed", () => {
  const fold = foldOf([{ room: 1, seq: 1, at, author: 1, kind: "message", client_id: "a", text: "one" }]);
  fold.open = false;
  expect(apply(fold, { room: 1, seq: 2, at, author: 1, kind: "message", client_id: "b", text: "two" })).toBe(
    false,
  );
  expect(fold.rows).toHaveLength(1);
  expect(apply(fold, { room: 1, seq: 3, at, author: 1, kind: "edited", target: 1, text: "uno" })).toBe(true);
  expect(rowAt(fold.rows, 1)?.entry).toMatchObject({ text: "uno" });
});

it("passes over kinds that it does not know", () => {
  const fold = foldOf([{ room: 1, seq: 1, at, author: 1, kind: "painted" } as unknown as Event]);
  expect(fold.head).toBe(1);
  expect(fold.rows).toEqual([]);
});
