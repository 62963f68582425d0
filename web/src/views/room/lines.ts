// Lines such as "Ana joined", in words; a run of comings and goings becomes one sentence for each way of coming or going.
import { people } from "../../state/people.svelte";
import { self } from "../../state/self.svelte";
import type { LineEntry, UserId } from "../../wire/types";
import { words } from "../../words/en";
import { lines } from "../../words/en/lines";

/** More names than these are a number. */
const NAMED = 3;

export type Sentence = { key: number; at: string; text: string };

export function sentences(entries: readonly LineEntry[]): Sentence[] {
  const runs: { how: string; first: LineEntry; users: UserId[] }[] = [];
  for (const entry of entries) {
    const how = howOf(entry);
    const run = runs.at(-1);
    const users = "users" in entry ? moved(entry) : [];
    if (run?.how === how) run.users.push(...users);
    else runs.push({ how, first: entry, users });
  }
  return runs.map(({ first, users }) => ({
    key: first.seq,
    at: first.at,
    text: say(first, [...new Set(users)]),
  }));
}

function howOf(entry: LineEntry): string {
  if (entry.seq === 1) return "made";
  if (entry.kind === "joined") return bySelf(entry) ? "joined" : `added ${entry.author}`;
  if (entry.kind === "left") return entry.by === undefined ? "left" : `${entry.why} ${entry.by}`;
  return `${entry.kind} ${entry.seq}`;
}

const bySelf = (entry: LineEntry & { users: UserId[] }) => entry.users.every((id) => id === entry.author);
/** Those whom the line is about: whoever brings others in is named as that. */
const moved = (entry: LineEntry & { users: UserId[] }) =>
  entry.kind === "joined" && !bySelf(entry)
    ? entry.users.filter((id) => id !== entry.author)
    : [...entry.users];
const nameOf = (id: UserId) => (id === self.id ? words.room.you : people.name(id));

function say(entry: LineEntry, users: UserId[]): string {
  const w = lines;
  // The first line of a log is the coming of whoever made the room.
  if (entry.seq === 1) return w.made(nameOf(entry.author));
  const names = users.slice(0, NAMED).map(nameOf);
  const more = users.length - names.length;
  switch (entry.kind) {
    case "joined":
      return bySelf(entry) ? w.joined(names, more) : w.added(names, more, nameOf(entry.author));
    case "left":
      if (entry.by === undefined) return w.left(names, more);
      return (entry.why === "banned" ? w.banned : w.removed)(names, more, nameOf(entry.by));
    case "renamed":
      return w.renamed(nameOf(entry.author), entry.name);
    case "topic":
      return entry.topic ? w.topicSet(nameOf(entry.author), entry.topic) : w.topicGone(nameOf(entry.author));
    case "archived":
      return w.archivedBy(nameOf(entry.author));
  }
}
