// Generated from crates/protocol: do not edit. UPDATE=1 cargo test -p parlour-protocol

export type RoomId = number;

export type UserId = number;

export type Seq = number;

export type SessionId = number;

export type Time = string;

export type Event = { room: RoomId, seq: Seq, at: Time, 
/**
 * Who caused it.
 */
author: UserId, } & ({ "kind": "message", 
/**
 * Chosen by the author's client; unique for ever per author and room.
 */
client_id: string, 
/**
 * The root of the thread that this is a reply in.
 */
thread?: Seq, 
/**
 * A reply that is shown in the room as well.
 */
also?: boolean, text?: string, 
/**
 * The members whom the text names, ascending; absent where there are none.
 */
mentions?: Array<UserId>, 
/**
 * The text names `@room`.
 */
everyone?: boolean, erased?: boolean, } | { "kind": "edited", target: Seq, text?: string, 
/**
 * The members whom the text names, ascending; absent where there are none.
 */
mentions?: Array<UserId>, 
/**
 * The text names `@room`.
 */
everyone?: boolean, erased?: boolean, } | { "kind": "deleted", target: Seq, 
/**
 * The thread that the message was a reply in.
 */
thread?: Seq, } | { "kind": "joined", users: Array<UserId>, } | { "kind": "left", users: Array<UserId>, 
/**
 * Who removed them, where they did not go by themselves.
 */
by?: UserId, 
/**
 * `removed`, `banned` or `account`.
 */
why?: string, } | { "kind": "renamed", name: string, } | { "kind": "topic", topic: string, } | { "kind": "archived" } | { "kind": "unarchived" } | { "kind": "role", user: UserId, role: MemberRole, });

export type Body = { "kind": "message", 
/**
 * Chosen by the author's client; unique for ever per author and room.
 */
client_id: string, 
/**
 * The root of the thread that this is a reply in.
 */
thread?: Seq, 
/**
 * A reply that is shown in the room as well.
 */
also?: boolean, text?: string, 
/**
 * The members whom the text names, ascending; absent where there are none.
 */
mentions?: Array<UserId>, 
/**
 * The text names `@room`.
 */
everyone?: boolean, erased?: boolean, } | { "kind": "edited", target: Seq, text?: string, 
/**
 * The members whom the text names, ascending; absent where there are none.
 */
mentions?: Array<UserId>, 
/**
 * The text names `@room`.
 */
everyone?: boolean, erased?: boolean, } | { "kind": "deleted", target: Seq, 
/**
 * The thread that the message was a reply in.
 */
thread?: Seq, } | { "kind": "joined", users: Array<UserId>, } | { "kind": "left", users: Array<UserId>, 
/**
 * Who removed them, where they did not go by themselves.
 */
by?: UserId, 
/**
 * `removed`, `banned` or `account`.
 */
why?: string, } | { "kind": "renamed", name: string, } | { "kind": "topic", topic: string, } | { "kind": "archived" } | { "kind": "unarchived" } | { "kind": "role", user: UserId, role: MemberRole, };

export type Said = { text?: string, 
/**
 * The members whom the text names, ascending; absent where there are none.
 */
mentions?: Array<UserId>, 
/**
 * The text names `@room`.
 */
everyone?: boolean, erased?: boolean, };

export type MemberRole = "owner" | "member";

export type Entry = { seq: Seq, at: Time, author: UserId, } & ({ "kind": "message" } & Message | { "kind": "joined", users: Array<UserId>, } | { "kind": "left", users: Array<UserId>, by?: UserId, why?: string, } | { "kind": "renamed", name: string, } | { "kind": "topic", topic: string, } | { "kind": "archived" });

export type What = { "kind": "message" } & Message | { "kind": "joined", users: Array<UserId>, } | { "kind": "left", users: Array<UserId>, by?: UserId, why?: string, } | { "kind": "renamed", name: string, } | { "kind": "topic", topic: string, } | { "kind": "archived" };

export type Message = { 
/**
 * Empty where the message was erased.
 */
text: string, edited_at?: Time, erased?: boolean, client_id?: string, thread?: Seq, also?: boolean, mentions: Array<UserId>, everyone?: boolean, 
/**
 * Files come with a later piece of work; always empty until then.
 */
files: Array<bigint>, 
/**
 * Reactions come with a later piece of work; always empty until then.
 */
reactions: Array<bigint>, 
/**
 * Replies in the thread below it that are not deleted; absent where there are none.
 */
replies?: number, 
/**
 * When the newest of them, or of those deleted since, was written.
 */
last_reply?: Time, };

export type Code = "invalid" | "unauthenticated" | "forbidden" | "not_member" | "read_only" | "not_found" | "method_not_allowed" | "timeout" | "taken" | "last_owner" | "fixed_members" | "too_large" | "unsupported_media_type" | "rate_limited" | "internal" | "busy" | "unavailable" | "storage_full";

export type Limits = { 
/**
 * Text of a message.
 */
text: number, body: number, json_depth: number, 
/**
 * For the head of a request to arrive; an idle connection is closed after it too.
 */
header_ms: number, 
/**
 * For the body of a request to arrive.
 */
body_ms: number, frame: number, 
/**
 * What may wait for one socket before it is closed `slow`.
 */
queue: number, ping_ms: number, dead_ms: number, hello_ms: number, sockets: number, cursors: number, watch_users: number, watch_rooms: number, 
/**
 * More events behind than this in one room: `reset`.
 */
behind_room: number, behind_all: number, messages_per_second: number, messages_burst: number, commands_per_second: number, commands_burst: number, rooms_per_hour: number, accounts_per_hour: number, 
/**
 * Failures after which an account's logins are delayed.
 */
login_failures: number, 
/**
 * The longest such delay.
 */
login_delay_ms: number, 
/**
 * Failed logins in ten minutes from one address.
 */
login_failures_address: number, hashes_waiting: number, mentions: number, direct: number, 
/**
 * Code points.
 */
display_name: number, 
/**
 * Code points.
 */
room_name: number, 
/**
 * Code points.
 */
topic: number, 
/**
 * Code points.
 */
status: number, password_min: number, password_max: number, client_id: number, settings: number, page: number, page_messages: number, page_events: number, tail_events: number, tail_bytes: number, tails_bytes: number, };

export type User = { id: UserId, username: string, name: string, colour: Colour, 
/**
 * One to three letters.
 */
avatar: string, 
/**
 * What the person says of themselves; empty where nothing.
 */
status: string, };

export type Colour = "rose" | "clay" | "ochre" | "olive" | "fern" | "teal" | "blue" | "violet";

export type ServerRole = "member" | "admin" | "owner";

export type Person = { role: ServerRole, 
/**
 * The account may do nothing here any more.
 */
banned?: boolean, id: UserId, username: string, name: string, colour: Colour, 
/**
 * One to three letters.
 */
avatar: string, 
/**
 * What the person says of themselves; empty where nothing.
 */
status: string, };

export type Me = { role: ServerRole, 
/**
 * The client's own settings, kept for all of a person's devices.
 */
settings: Record<string, unknown>, id: UserId, username: string, name: string, colour: Colour, 
/**
 * One to three letters.
 */
avatar: string, 
/**
 * What the person says of themselves; empty where nothing.
 */
status: string, };

export type LoggedIn = { user: Me, token: string, };

export type Session = { id: SessionId, created_at: Time, last_seen_at: Time, 
/**
 * What the device said of itself.
 */
label: string, current: boolean, };

export type Join = "anyone" | "invited" | "nobody";

export type Server = { name: string, join: Join, version: string, 
/**
 * The time at which this history began; restoring a backup starts a new one.
 */
epoch: Time, 
/**
 * There is no owner yet: the next account becomes it.
 */
setup: boolean, 
/**
 * That first account needs the code that the program printed.
 */
setup_code: boolean, };

export type Invite = { id: number, code: string, by: UserId, created_at: Time, expires_at?: Time, uses: number, max_uses?: number, };

export type Level = "all" | "mentions" | "nothing";

export type Room = { id: RoomId, 
/**
 * Empty in a direct room.
 */
name: string, topic: string, private: boolean, direct: boolean, archived: boolean, 
/**
 * How many.
 */
members: number, head: Seq, 
/**
 * The oldest seq that the log still holds.
 */
first: Seq, 
/**
 * When the newest event was written.
 */
at: Time, 
/**
 * The others in a direct room; I alone in my own.
 */
people?: Array<User>, } & Partial<Mine>;

export type Mine = { role: MemberRole, level: Level, draft: string, read: Seq, 
/**
 * Raised by each "mark as unread": a move made before it is ignored.
 */
version: number, 
/**
 * Exact to 999; 1000 stands for more.
 */
unread: number, mentions: number, };

export type Read = { read: Seq, 
/**
 * Raised by each "mark as unread": a move made before it is ignored.
 */
version: number, 
/**
 * Exact to 999; 1000 stands for more.
 */
unread: number, mentions: number, };

export type State = "online" | "away" | "offline";

export type Member = { role: MemberRole, state: State, id: UserId, username: string, name: string, colour: Colour, 
/**
 * One to three letters.
 */
avatar: string, 
/**
 * What the person says of themselves; empty where nothing.
 */
status: string, };

export type Page = { epoch: Time, head: Seq, messages: Array<Entry>, };

export type Events = { epoch: Time, head: Seq, first: Seq, events: Array<Event>, };

export type Problem = { type: string, title: string, status: number, code: Code, detail: string, field?: string, request_id: string, };

export type ClientFrame = { "t": "hello" } & Hello | { "t": "send", room: RoomId, client_id: string, text: string, thread?: Seq, also?: boolean, files?: Array<number>, } | { "t": "typing", room: RoomId, } | { "t": "read", room: RoomId, seq: Seq, version?: number, } | { "t": "watch", users: Array<UserId>, rooms: Array<RoomId>, } | { "t": "away", away: boolean, } | { "t": "ping" };

export type Hello = { v: number, 
/**
 * For clients without a cookie.
 */
token?: string, 
/**
 * What I hold of each room: the server sends what follows.
 */
cursors: Array<[number, number]>, 
/**
 * The epoch in which those cursors were true.
 */
epoch?: Time, 
/**
 * The newest event that I hold: room, seq, at.
 */
last?: [number, number, string], };

export type ServerFrame = { "t": "welcome", me: Me, epoch: Time, now: Time, 
/**
 * Room, head, read, version.
 */
rooms: Array<[number, number, number, number]>, more?: boolean, } | { "t": "event" } & Event | { "t": "ack", client_id: string, room: RoomId, seq: Seq, } | { "t": "refused", client_id?: string, id?: string | number, code: Code, detail: string, field?: string, retry_after_ms?: number, } | { "t": "done", id: string | number, } | { "t": "caught_up", room: RoomId, head: Seq, } | { "t": "reset", room: RoomId, reason: Reset, head: Seq, } | { "t": "room" } & Room | { "t": "gone", room: RoomId, } | { "t": "server", name: string, join: Join, } | { "t": "user" } & User | { "t": "typing", room: RoomId, users: Array<UserId>, } | { "t": "presence", users: Array<[number, State]>, } | { "t": "read", room: RoomId, seq: Seq, version: number, unread: number, mentions: number, } | { "t": "draft", room: RoomId, text: string, } | { "t": "level", room: RoomId, level: Level, } | { "t": "pong" } | { "t": "restart", after_ms: number, };

export type Reset = "epoch" | "future" | "too_far" | "retained" | "unknown_room";
