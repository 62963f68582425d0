// What fits the word that is being typed: people and groups for "@", rooms for "#", emoji for ":". It comes with the first such sign.
import { slug } from "../../lib/slug";
import { loadEmoji, searchEmoji, toned } from "../../parts/emoji";
import { isMessage } from "../../state/fold";
import { groups } from "../../state/groups.svelte";
import { open } from "../../state/open.svelte";
import { people } from "../../state/people.svelte";
import type { Room } from "../../state/room.svelte";
import { rooms } from "../../state/rooms.svelte";
import { self } from "../../state/self.svelte";
import { settings } from "../../state/settings.svelte";
import type { User } from "../../wire/types";
import { calls as w } from "../../words/en/calls";
import type { Suggestion } from "./completion.svelte";
import { howFits, ranked } from "./rank";

const MOST = 8;
/** Of people who are not in the room, and whom the message will not reach. */
const MOST_ELSEWHERE = 3;
const LAST = Number.POSITIVE_INFINITY;

export const suggest: Record<"@" | "#" | ":", (query: string, room: Room) => Promise<Suggestion[]>> = {
  "@": called,
  "#": doors,
  ":": emoji,
};

async function called(query: string, room: Room): Promise<Suggestion[]> {
  if (room.direct) return members(room.people, query, room);
  const [inside, around] = await Promise.all([
    rooms.members(room.id, { q: query }).then(
      (page) => page.members as User[],
      // Without a line, those whom the page knows anyway.
      () => [...people.known()],
    ),
    query ? people.find(query).catch(() => []) : [],
    groups.load().catch(() => undefined),
  ]);
  const here = members(inside, query, room);
  const all = [...here.slice(0, MOST), ...several(query)];
  const found = new Set(inside.map((user) => user.id));
  // Nobody can be missing from a list that has everybody.
  const strangers =
    found.size < 50 ? around.filter((user) => !found.has(user.id) && user.id !== self.id) : [];
  for (const user of strangers.slice(0, MOST_ELSEWHERE)) all.push({ ...person(user), aside: w.elsewhere });
  return all;
}

function members(users: User[], query: string, room: Room): Suggestion[] {
  const spoke = speakers(room);
  const list = users.flatMap((user) => {
    const how = howFits(query, user.name, user.username);
    if (how === undefined) return [];
    // Nobody calls oneself; but whoever types all of it means it.
    const last = user.id === self.id ? LAST : (spoke.get(user.id) ?? 1e6);
    return [{ it: user, fit: how, spoke: last }];
  });
  return ranked(list).map(person);
}

const person = (user: User): Suggestion => ({
  key: `p${user.id}`,
  word: `@${user.username}`,
  name: user.name,
  aside: `@${user.username}`,
  user,
});

/** Who spoke lately in what the page holds of the room: 0 is the last. */
function speakers(room: Room): Map<number, number> {
  const found = new Map<number, number>();
  for (const { entry } of room.timeline.rows.toReversed()) {
    if (isMessage(entry) && !found.has(entry.author)) found.set(entry.author, found.size);
  }
  return found;
}

/** Groups, and those who are here, and everybody. */
function several(query: string): Suggestion[] {
  const list = groups.list.flatMap((group) => {
    const how = howFits(query, group.name, group.title);
    return how === undefined ? [] : [{ it: group, fit: how, spoke: 0 }];
  });
  const found = ranked(list)
    .slice(0, query ? 5 : 3)
    .map(
      (group): Suggestion => ({
        key: `g${group.id}`,
        word: `@${group.name}`,
        name: group.title || group.name,
        aside: w.group(group.name, group.members.length),
        icon: "users",
      }),
    );
  const all = [
    { key: "here", word: "@here", name: w.here, aside: "@here", icon: "bell-ring" },
    { key: "room", word: "@room", name: w.room, aside: "@room", icon: "users" },
  ] as const;
  return [...found, ...all.filter(({ key }) => key.startsWith(query))];
}

async function doors(query: string): Promise<Suggestion[]> {
  await open.load().catch(() => undefined);
  const mine = new Set(rooms.list.map((room) => room.id));
  const all = [
    ...rooms.named.filter((room) => !room.archived),
    ...open.list.filter((info) => !mine.has(info.id)),
  ];
  const taken = new Set<string>();
  const list = all.flatMap((room) => {
    const written = slug(room.name);
    const how = howFits(query, room.name, written);
    // Of two that are written alike a link leads to the first.
    if (how === undefined || !written || taken.has(written)) return [];
    taken.add(written);
    return [{ it: { room, written, name: room.name }, fit: how, spoke: mine.has(room.id) ? 0 : 1 }];
  });
  return ranked(list)
    .slice(0, MOST)
    .map(({ room, written, name }) => ({
      key: `r${room.id}`,
      word: `#${written}`,
      name,
      aside: mine.has(room.id) ? `#${written}` : w.notIn,
      door: true,
      keyhole: room.private,
    }));
}

async function emoji(query: string): Promise<Suggestion[]> {
  // The sign alone fetches them, so that they are there when the letters are. ":)" and ": " are no names; two letters are.
  if (query.length < 2) await loadEmoji().catch(() => undefined);
  const found = query.length < 2 ? [] : await searchEmoji(query, MOST).catch(() => []);
  return found.map((it) => ({
    key: it.char,
    word: toned(it, settings.skinTone),
    char: toned(it, settings.skinTone),
    src: it.src,
    // The name that was meant, not just the first.
    name: `:${it.names.find((name) => name.startsWith(query)) ?? it.names[0] ?? it.label}:`,
  }));
}
