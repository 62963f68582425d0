// The other half of marks: which `#name` is a room that I may see, which `@name` a group, which words are mine.
import { finder } from "../lib/keywords";
import { paths } from "../lib/router.svelte";
import { slug } from "../lib/slug";
import type { Piece } from "../lib/text";
import type { MessageEntry } from "../wire/types";
import { groups } from "./groups.svelte";
import { open } from "./open.svelte";
import { people } from "./people.svelte";
import { rooms } from "./rooms.svelte";
import { self } from "./self.svelte";

/** Mine first: where an open room is called like a private one that I am in, that one is meant. */
const named = $derived.by(() => {
  const found = new Map<string, number>();
  for (const room of [...rooms.list].sort((a, b) => a.id - b.id)) {
    if (!room.direct && !found.has(slug(room.name))) found.set(slug(room.name), room.id);
  }
  for (const info of open.list) if (!found.has(slug(info.name))) found.set(slug(info.name), info.id);
  return found;
});
const words = $derived(finder(self.me?.quiet?.keywords ?? []));

export const roomNamed = (written: string): number | undefined => named.get(slug(written));

export function mark(pieces: Piece[], entry?: MessageEntry): Piece[] {
  return pieces.flatMap((piece): Piece[] => {
    if (piece.kind === "room") return [door(piece)];
    if (piece.kind === "call") return [call(piece, entry)];
    // What I said myself calls nobody.
    return piece.kind === "text" && words && entry && entry.author !== self.id ? mine(piece, words) : [piece];
  });
}

function door(piece: Piece & { kind: "room" }): Piece {
  const id = roomNamed(piece.text);
  if (id !== undefined) return { kind: "link", text: piece.text, href: paths.room(id), inside: true };
  // Never by its name: whoever asks for one tells that it was written somewhere.
  open.wanted();
  return piece;
}

function call(piece: Piece & { kind: "call" }, entry?: MessageEntry): Piece {
  if (piece.name === "here") return entry?.here ? { ...piece, mine: true } : piece;
  if (piece.name === "room" || (entry?.mentions ?? []).some((id) => people.get(id)?.username === piece.name))
    return piece;
  queueMicrotask(() => groups.load().catch(() => undefined));
  const group = groups.get(piece.name);
  if (!group) return piece;
  const called = entry?.mentions.includes(self.id) === true && group.members.includes(self.id);
  return { ...piece, mine: called, group: group.id };
}

function mine({ text }: { text: string }, find: RegExp): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(find)) {
    if (match.index > at) found.push({ kind: "text", text: text.slice(at, match.index) });
    found.push({ kind: "call", text: match[0], name: "", mine: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ kind: "text", text: text.slice(at) });
  return found;
}
