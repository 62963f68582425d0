// Where a message can be forwarded to: my rooms in which I may write, and people.
import type { Room } from "../../state/room.svelte";
import { rooms } from "../../state/rooms.svelte";
import type { User } from "../../wire/types";
import { fits } from "./jump";

export type Goal = { kind: "room"; key: string; room: Room } | { kind: "person"; key: string; user: User };

export const nameOf = (goal: Goal): string => (goal.kind === "room" ? goal.room.title : goal.user.name);

/** Rooms by parts of their names, the one that is open last; then people to whom no room of mine leads yet. */
export function goalsFor(query: string, users: readonly User[], here: number): Goal[] {
  const open = rooms.list.filter((room) => !room.archived && (!query || fits(room.title, query)));
  const mine = [...open.filter(({ id }) => id !== here), ...open.filter(({ id }) => id === here)];
  const talked = new Set(rooms.direct.filter((r) => r.people.length === 1).map((r) => r.people[0]?.id));
  const others = query
    ? users.filter((user) => !talked.has(user.id) && fits(`${user.name} ${user.username}`, query))
    : [];
  return [
    ...mine.map((room): Goal => ({ kind: "room", key: `r${room.id}`, room })),
    ...others.map((user): Goal => ({ kind: "person", key: `p${user.id}`, user })),
  ];
}
