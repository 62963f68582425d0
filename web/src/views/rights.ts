import { app } from "../state/app.svelte";
import type { Room } from "../state/room.svelte";
import { self } from "../state/self.svelte";
import type { UserId } from "../wire/types";

// What the screen offers: the server's table (crates/server/src/policy.rs) in short. The server decides; an offer that it
// would refuse is only a disappointment.

/** Keeps the keys of the community. */
export const keeper = () => app.me?.role === "owner" || app.me?.role === "admin";

/** Adds emoji of the community's own, and more names for them. */
export const addsEmoji = () => keeper() || app.server?.emoji === "anyone";
/** Each their own, where everybody may add some. */
export const removesEmoji = (emoji: { by: UserId }) => keeper() || (addsEmoji() && emoji.by === self.id);

/** Renames, archives, removes, bans. Who runs the server keeps order in the rooms that everybody can see. */
export const keepsRoom = (room: Room) =>
  !room.direct && room.joined && (room.role === "owner" || (keeper() && !room.private));

export const setsTopic = (room: Room) => !room.direct && room.joined && !room.archived;

/** Members of an open room add people; into a private one its owners do. */
export const addsPeople = (room: Room) =>
  !room.direct && !room.archived && room.joined && (!room.private || keepsRoom(room));

/** Of a direct room any of its people, of others whoever keeps them. */
export const switchesPreviews = (room: Room) =>
  room.joined && !room.archived && (room.direct || keepsRoom(room));
