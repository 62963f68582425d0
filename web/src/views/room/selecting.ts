// Selecting several messages: which are chosen by a press, by Shift and a press, by the keys; and what they are as text.
import { people } from "../../state/people.svelte";
import type { MessageEntry, Seq } from "../../wire/types";
import { words } from "../../words/en";
import { showing } from "../../words/en/showing";

/** One more, or one fewer. */
export function toggled(chosen: ReadonlySet<Seq>, seq: Seq): ReadonlySet<Seq> {
  const next = new Set(chosen);
  if (!next.delete(seq)) next.add(seq);
  return next;
}

/** All between the one pressed last and this one, both included; those chosen before stay. */
export function extended(
  chosen: ReadonlySet<Seq>,
  all: readonly Seq[],
  from: Seq | null,
  to: Seq,
): ReadonlySet<Seq> {
  if (from === null) return new Set([...chosen, to]);
  const [low, high] = from < to ? [from, to] : [to, from];
  return new Set([...chosen, ...all.filter((seq) => seq >= low && seq <= high)]);
}

/** In the order in which they were said: who, when, and the words. */
export function asText(entries: readonly MessageEntry[]): string {
  return entries
    .map((entry) => {
      const at = new Date(entry.at);
      const files = showing.summary(entry.files);
      const said = [entry.text, files && `[${files}]`].filter(Boolean).join("\n");
      return `${people.name(entry.author)}, ${words.time.day(at)}, ${words.time.clock(at)}\n${said}`;
    })
    .join("\n\n");
}
