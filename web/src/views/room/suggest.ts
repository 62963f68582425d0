// What fits the word that is being typed: the people of a room for "@", emoji for ":". It comes with the first such sign.
import { loadEmoji, searchEmoji, toned } from "../../parts/emoji";
import { people } from "../../state/people.svelte";
import type { Room } from "../../state/room.svelte";
import { rooms } from "../../state/rooms.svelte";
import { settings } from "../../state/settings.svelte";
import type { User } from "../../wire/types";
import type { Suggestion } from "./completion.svelte";

const MOST = 8;

export async function called(query: string, room: Room): Promise<Suggestion[]> {
  const users = room.direct
    ? room.people.filter((user) => fits(user, query))
    : await rooms.members(room.id, { q: query }).then(
        (page) => page.members,
        // Without a line, those whom the page knows anyway.
        () => [...people.known()].filter((user) => fits(user, query)),
      );
  const found: Suggestion[] = users
    .slice(0, MOST)
    .map((user) => ({ kind: "person", key: `${user.id}`, user }));
  if (!room.direct && "room".startsWith(query)) found.push({ kind: "room", key: "room" });
  return found;
}

const fits = (user: User, query: string) =>
  user.username.startsWith(query) ||
  user.name
    .toLowerCase()
    .split(/\s+/)
    .some((part) => part.startsWith(query));

export async function emoji(query: string): Promise<Suggestion[]> {
  // The sign alone fetches them, so that they are there when the letters are. ":)" and ": " are no names; two letters are.
  if (query.length < 2) await loadEmoji().catch(() => undefined);
  const found = query.length < 2 ? [] : await searchEmoji(query, MOST).catch(() => []);
  return found.map((it) => ({
    kind: "emoji",
    key: it.char,
    char: toned(it, settings.skinTone),
    src: it.src,
    // The name that was meant, not just the first.
    name: it.names.find((name) => name.startsWith(query)) ?? it.names[0] ?? it.label,
  }));
}
