import type { Room } from "../../state/room.svelte";
import { rooms } from "../../state/rooms.svelte";
import type { Room as Info, User } from "../../wire/types";

/** Where one can jump to. */
export type Goal =
  | { kind: "room"; key: string; room: Room }
  | { kind: "person"; key: string; user: User }
  | { kind: "open"; key: string; info: Info }
  | { kind: "files"; key: string };

const plain = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Every word that was typed begins a word of the name, in any order, accents aside. */
export function fits(name: string, query: string): boolean {
  const parts = plain(name).split(/[\s,._-]+/);
  return plain(query)
    .split(/\s+/)
    .every((word) => parts.some((part) => part.startsWith(word)));
}

/** My rooms that fit: what has something unread first, then the newest. */
export function myRooms(query: string): Goal[] {
  const lit = new Set(rooms.unreadFirst);
  const rank = (room: Room) => (lit.has(room) ? 0 : room.archived ? 2 : 1);
  return rooms.list
    .filter((room) => (query ? fits(room.title, query) : room.id !== rooms.openId))
    .sort((a, b) => rank(a) - rank(b))
    .map((room) => ({ kind: "room", key: `r${room.id}`, room }));
}
