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
import { api } from "../../wire/api";
import type { MembersPage, User } from "../../wire/types";
import { calls as w } from "../../words/en/calls";
import type { Suggestion } from "./completion.svelte";
import { howFits, ranked } from "./rank";

const MOST = 8;
/** Members in one page of the server. */
const WHOLE = 200;
const STALE = 60_000;
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
    everybody(room, query),
    query ? people.find(query).catch(() => []) : [],
    groups.load().catch(() => undefined),
  ]);
  const here = members(inside, query, room);
  const all = [...here.slice(0, MOST), ...several(query)];
  const found = new Set(inside.map((user) => user.id));
  // The server looks at the start of words and at accents; whom the page knows already is found by any part of the name. Where the
  // room is too large to be known, only those whom a search of the whole server finds and one of the room does not are strangers.
  const nearby = room.members <= WHOLE && query ? [...people.known()] : [];
  const others = new Map([...around, ...nearby].map((user) => [user.id, user]));
  const strangers = members(
    [...others.values()].filter(({ id }) => !found.has(id) && id !== self.id),
    query,
    room,
  );
  for (const it of strangers.slice(0, MOST_ELSEWHERE)) all.push({ ...it, aside: w.elsewhere });
  return all;
}

let kept: { room: number; count: number; at: number; users: Promise<User[]> } | undefined;
/** All who are in the room where they are few enough to be had at once, so that accents and letters in the middle do not matter; else
    those whom the server finds. */
async function everybody(room: Room, query: string): Promise<User[]> {
  // Without a line, those whom the page knows anyway.
  const known = () => [...people.known()];
  if (room.members > WHOLE) return rooms.members(room.id, { q: query }).then((page) => page.members, known);
  const fresh = kept?.room === room.id && kept.count === room.members && performance.now() - kept.at < STALE;
  if (!kept || !fresh) {
    const users = api.get<MembersPage>(`rooms/${room.id}/members`, { limit: WHOLE }).then((page) => {
      people.learn(page.members);
      return page.members;
    });
    kept = { room: room.id, count: room.members, at: performance.now(), users };
    users.catch(() => {
      kept = undefined;
    });
  }
  return kept.users.catch(known);
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
