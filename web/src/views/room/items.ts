// What the conversation draws, in one flat list: rows of the log, what is on its way, and the lines between. Flat, because
// a message in pencil and the server's copy of it are then one keyed item, wherever a group begins or ends.
import type { Row } from "../../state/fold";
import { isMessage } from "../../state/fold";
import { isReady, type Pending } from "../../state/outbox.svelte";
import type { LineEntry, MessageEntry, Seq, UserId } from "../../wire/types";

export type Said = {
  kind: "said";
  key: string;
  author: UserId;
  at: Date;
  text: string;
  mine: boolean;
  /** First and last of a group: face and name above, the speaking corner. */
  first: boolean;
  last: boolean;
  /** Absent while it is in pencil. */
  entry?: MessageEntry;
  pending?: Pending;
};
export type Item =
  | Said
  | { kind: "day"; key: string; at: Date }
  | { kind: "new"; key: string }
  | { kind: "lines"; key: string; entries: LineEntry[] };

/** One person goes on for so long, as long as nobody else speaks. */
const GROUP = 5 * 60_000;

export function items(
  rows: readonly Row[],
  pending: readonly Pending[],
  me: UserId,
  newFrom: Seq | null,
): Item[] {
  const out: Item[] = [];
  let day = "";
  let begun = 0;
  let called = false;

  function openDay(at: Date): void {
    const today = at.toDateString();
    if (today === day) return;
    day = today;
    out.push({ kind: "day", key: `day ${today}`, at });
  }
  function say(said: Omit<Said, "kind" | "first" | "last" | "mine">): void {
    const { author, at } = said;
    openDay(at);
    const before = out.at(-1);
    const goesOn = before?.kind === "said" && before.author === author && at.getTime() - begun < GROUP;
    if (goesOn) before.last = false;
    else begun = at.getTime();
    out.push({ kind: "said", ...said, mine: author === me, first: !goesOn, last: true });
  }
  function put(item: Pending): void {
    // My own clock may be wrong by hours: what I write now never stands before what stands there.
    const before = out.findLast((one) => one.kind === "said");
    const at = new Date(Math.max(Date.parse(item.at), before?.at.getTime() ?? 0));
    say({ key: keyOf(me, item.client_id), author: me, at, text: item.text, pending: item });
  }

  // An answer that was lost: the server's copy stands there already, and its pencil is sent once more to be sure.
  const there = new Set(rows.map(({ entry }) => isMessage(entry) && entry.author === me && entry.client_id));
  const open = pending.filter((item) => !there.has(item.client_id));
  const failed = open.filter((item) => item.state === "failed");
  for (const { entry } of rows) {
    while (failed[0] && failed[0].after < entry.seq) put(failed.shift()!);
    // What I said myself is not new to me.
    if (!called && newFrom !== null && entry.seq >= newFrom && isMessage(entry) && entry.author !== me) {
      called = true;
      openDay(new Date(entry.at));
      out.push({ kind: "new", key: "new" });
    }
    if (isMessage(entry)) {
      const { seq, author, client_id, text } = entry;
      const key = client_id === undefined ? `m${seq}` : keyOf(author, client_id);
      say({ key, author, at: new Date(entry.at), text, entry });
    } else {
      openDay(new Date(entry.at));
      const before = out.at(-1);
      if (before?.kind === "lines") before.entries.push(entry);
      else out.push({ kind: "lines", key: `l${entry.seq}`, entries: [entry] });
    }
  }
  for (const item of failed) put(item);
  // What waits for its files is passed by what is written after it, and does not jump when that happens.
  const waiting = open.filter((item) => item.state === "waiting");
  for (const item of waiting) if (isReady(item)) put(item);
  for (const item of waiting) if (!isReady(item)) put(item);
  return out;
}

/** What is before the eyes, or a little more, when the list stands at `seq`, in a window of this size; null: at its end. */
export function screenful(all: Item[], seq: Seq | null, height: number, width: number): Item[] {
  const found = seq === null ? -1 : all.findIndex((item) => (seqOf(item) ?? 0) >= seq);
  const at = found < 0 ? all.length : found;
  let [start, end] = [at, at];
  let below = 0;
  while (end < all.length && below < height) below += least(all[end++]!, width);
  let above = Math.max(height / 2, height - below);
  while (start > 0 && above > 0) above -= least(all[--start]!, width);
  return start === 0 && end === all.length ? all : all.slice(start, end);
}

/** How high an item is, most often at least. It need not be exact: what is missing at the edge comes a frame later. */
function least(item: Item, width: number): number {
  if (item.kind !== "said") return item.kind === "lines" ? 28 : 40;
  const { entry, first, text } = item;
  const letters = Math.min(width, 752) / 9;
  const lines = text.split("\n", 10).reduce((sum, line) => sum + Math.ceil(line.length / letters), 0);
  const parts = [entry?.reactions?.length, entry?.files?.length, entry?.previews, entry?.quote].filter(
    Boolean,
  );
  return (first ? 64 : 40) + 24 * Math.max(0, Math.min(lines, 10) - 1) + 28 * parts.length;
}

const keyOf = (author: UserId, id: string) => `${author} ${id}`;

/** The newest event that an item stands for; what is in pencil stands for none. */
export function seqOf(item: Item): Seq | undefined {
  if (item.kind === "said") return item.entry?.seq;
  return item.kind === "lines" ? item.entries.at(-1)?.seq : undefined;
}

/** In pencil until it is acknowledged; then ink, which nothing but its colour tells. */
export type How = "ink" | "pencil" | "failed" | "erased";
export function howOf({ entry, pending }: Said): How {
  if (pending?.state === "failed") return "failed";
  if (pending && pending.seq === undefined) return "pencil";
  return entry?.erased ? "erased" : "ink";
}
