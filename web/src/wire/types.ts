// The wire's types by the names that the client uses. The truth is types.gen.ts, generated from crates/protocol; here
// stand only the pieces of it that TypeScript wants named apart.
export type * from "./types.gen";

import type { Entry, Event, Member, Message, Room, ServerFrame, User } from "./types.gen";

export type EventOf<K extends Event["kind"]> = Extract<Event, { kind: K }>;
export type FrameOf<T extends ServerFrame["t"]> = Extract<ServerFrame, { t: T }>;
/** A row of a page that is a message, as against a line such as "Ana joined". */
export type MessageEntry = Extract<Entry, { kind: "message" }>;
export type LineEntry = Exclude<Entry, MessageEntry>;
export type { Message };

/** Somebody as lists of people show them; only a server's own list tells the role there. */
export type Listed = User & { role?: "owner" | "admin" | "member" };
/** A page of a list: `next` is passed back as `cursor` while there is more. */
export type MembersPage = { members: Member[]; next?: string };
export type UsersPage = { users: Listed[]; next?: string };
export type RoomsPage = { rooms: Room[]; next?: string };
