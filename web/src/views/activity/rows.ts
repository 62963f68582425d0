import type { Item } from "../../state/activity.svelte";
import type { RoomId, Seq, Time, UserId } from "../../wire/types";

/** What one line of the view says: one thing, or all reactions to one message on one day. */
export type Line = {
  key: string;
  at: Time;
  cause: Item["cause"];
  /** The newest first, each once. */
  by: UserId[];
  emoji: string[];
  room: RoomId;
  seq: Seq;
  item: Item;
};
export type Day = { day: string; lines: Line[] };

const dayOf = (at: Time): string => {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
};

/** By day, the newest first; reactions to one message are one line, where the newest of them stands. */
export function daysOf(items: readonly Item[]): Day[] {
  const days: Day[] = [];
  const reactions = new Map<string, Line>();
  for (const item of items) {
    const day = dayOf(item.at);
    if (days.at(-1)?.day !== day) days.push({ day, lines: [] });
    const key = `${day} ${item.room}/${item.seq}`;
    const known = item.cause === "reaction" ? reactions.get(key) : undefined;
    if (known) {
      if (!known.by.includes(item.by)) known.by.push(item.by);
      if (item.emoji && !known.emoji.includes(item.emoji)) known.emoji.push(item.emoji);
      continue;
    }
    const { at, cause, by, room, seq, emoji } = item;
    const line: Line = {
      key: `${key} ${cause === "reaction" ? "" : by}${cause}`,
      at,
      cause,
      by: [by],
      emoji: emoji ? [emoji] : [],
      room,
      seq,
      item,
    };
    if (cause === "reaction") reactions.set(key, line);
    days.at(-1)!.lines.push(line);
  }
  return days;
}

/** A message in one or two lines: without the signs of Markdown, and without what is hidden. */
export function excerpt(text: string, longest = 240): string {
  const plain = text
    .replace(/\|\|[\s\S]+?\|\|/g, "▒▒▒")
    .replace(/```\w*\n?/g, " ")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__|~~|`)(?=\S)([\s\S]*?\S)\1/g, "$2")
    .replace(/^\s*(?:>|#{1,6}|[-*+]|\d+[.)])\s+/gm, "")
    .replace(/\s+/g, " ")
    .trim();
  const letters = [...plain];
  return letters.length > longest ? `${letters.slice(0, longest).join("")}…` : plain;
}
