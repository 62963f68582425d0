// Generated from crates/protocol: do not edit. UPDATE=1 cargo test -p parlour-protocol

export type RoomId = number;

export type UserId = number;

export type Seq = number;

export type FileId = number;

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
 * What was sent with it, in the order to be shown.
 */
files?: Array<FileInfo>, 
/**
 * The root of the thread that this is a reply in.
 */
thread?: Seq, 
/**
 * A reply that is shown in the room as well.
 */
also?: boolean, 
/**
 * The message of this room that it answers: a reference, read where it is shown.
 */
quote?: Seq, 
/**
 * Where it is a copy of: the words and files are its own, and outlive those.
 */
forwarded?: Forwarded, text?: string, 
/**
 * The text as markup of the few elements that docs/PROTOCOL.md lists; absent where it is no more than plain text.
 */
html?: string, 
/**
 * The members whom the text names, ascending; absent where there are none.
 */
mentions?: Array<UserId>, 
/**
 * The text names `@room`.
 */
everyone?: boolean, 
/**
 * The text names `@here`: it rings for those who are here now, and counts for nobody.
 */
here?: boolean, erased?: boolean, 
/**
 * A later edit took the place of these words, and no history is kept: `text` is absent, the message is not deleted.
 */
superseded?: boolean, } | { "kind": "edited", target: Seq, 
/**
 * The server keeps no history: older texts were erased in the same transaction.
 */
sole?: boolean, text?: string, 
/**
 * The text as markup of the few elements that docs/PROTOCOL.md lists; absent where it is no more than plain text.
 */
html?: string, 
/**
 * The members whom the text names, ascending; absent where there are none.
 */
mentions?: Array<UserId>, 
/**
 * The text names `@room`.
 */
everyone?: boolean, 
/**
 * The text names `@here`: it rings for those who are here now, and counts for nobody.
 */
here?: boolean, erased?: boolean, 
/**
 * A later edit took the place of these words, and no history is kept: `text` is absent, the message is not deleted.
 */
superseded?: boolean, } | { "kind": "deleted", target: Seq, 
/**
 * The thread that the message was a reply in.
 */
thread?: Seq, } | { "kind": "preview", target: Seq, previews?: Array<Preview>, erased?: boolean, } | { "kind": "reacted", target: Seq, emoji: string, } | { "kind": "unreacted", target: Seq, emoji: string, } | { "kind": "pinned", target: Seq, } | { "kind": "unpinned", target: Seq, } | { "kind": "joined", users: Array<UserId>, } | { "kind": "left", users: Array<UserId>, 
/**
 * Who removed them, where they did not go by themselves.
 */
by?: UserId, 
/**
 * `removed`, `banned` or `account`.
 */
why?: string, } | { "kind": "renamed", name: string, } | { "kind": "topic", topic: string, } | { "kind": "archived" } | { "kind": "unarchived" } | { "kind": "previews_on" } | { "kind": "previews_off" } | { "kind": "role", user: UserId, role: MemberRole, });

export type Body = { "kind": "message", 
/**
 * Chosen by the author's client; unique for ever per author and room.
 */
client_id: string, 
/**
 * What was sent with it, in the order to be shown.
 */
files?: Array<FileInfo>, 
/**
 * The root of the thread that this is a reply in.
 */
thread?: Seq, 
/**
 * A reply that is shown in the room as well.
 */
also?: boolean, 
/**
 * The message of this room that it answers: a reference, read where it is shown.
 */
quote?: Seq, 
/**
 * Where it is a copy of: the words and files are its own, and outlive those.
 */
forwarded?: Forwarded, text?: string, 
/**
 * The text as markup of the few elements that docs/PROTOCOL.md lists; absent where it is no more than plain text.
 */
html?: string, 
/**
 * The members whom the text names, ascending; absent where there are none.
 */
mentions?: Array<UserId>, 
/**
 * The text names `@room`.
 */
everyone?: boolean, 
/**
 * The text names `@here`: it rings for those who are here now, and counts for nobody.
 */
here?: boolean, erased?: boolean, 
/**
 * A later edit took the place of these words, and no history is kept: `text` is absent, the message is not deleted.
 */
superseded?: boolean, } | { "kind": "edited", target: Seq, 
/**
 * The server keeps no history: older texts were erased in the same transaction.
 */
sole?: boolean, text?: string, 
/**
 * The text as markup of the few elements that docs/PROTOCOL.md lists; absent where it is no more than plain text.
 */
html?: string, 
/**
 * The members whom the text names, ascending; absent where there are none.
 */
mentions?: Array<UserId>, 
/**
 * The text names `@room`.
 */
everyone?: boolean, 
/**
 * The text names `@here`: it rings for those who are here now, and counts for nobody.
 */
here?: boolean, erased?: boolean, 
/**
 * A later edit took the place of these words, and no history is kept: `text` is absent, the message is not deleted.
 */
superseded?: boolean, } | { "kind": "deleted", target: Seq, 
/**
 * The thread that the message was a reply in.
 */
thread?: Seq, } | { "kind": "preview", target: Seq, previews?: Array<Preview>, erased?: boolean, } | { "kind": "reacted", target: Seq, emoji: string, } | { "kind": "unreacted", target: Seq, emoji: string, } | { "kind": "pinned", target: Seq, } | { "kind": "unpinned", target: Seq, } | { "kind": "joined", users: Array<UserId>, } | { "kind": "left", users: Array<UserId>, 
/**
 * Who removed them, where they did not go by themselves.
 */
by?: UserId, 
/**
 * `removed`, `banned` or `account`.
 */
why?: string, } | { "kind": "renamed", name: string, } | { "kind": "topic", topic: string, } | { "kind": "archived" } | { "kind": "unarchived" } | { "kind": "previews_on" } | { "kind": "previews_off" } | { "kind": "role", user: UserId, role: MemberRole, };

export type Said = { text?: string, 
/**
 * The text as markup of the few elements that docs/PROTOCOL.md lists; absent where it is no more than plain text.
 */
html?: string, 
/**
 * The members whom the text names, ascending; absent where there are none.
 */
mentions?: Array<UserId>, 
/**
 * The text names `@room`.
 */
everyone?: boolean, 
/**
 * The text names `@here`: it rings for those who are here now, and counts for nobody.
 */
here?: boolean, erased?: boolean, 
/**
 * A later edit took the place of these words, and no history is kept: `text` is absent, the message is not deleted.
 */
superseded?: boolean, };

export type Forwarded = { room: RoomId, seq: Seq, author: UserId, 
/**
 * When it was written there.
 */
at: Time, };

export type MemberRole = "owner" | "member";

export type FileInfo = { id: FileId, name: string, 
/**
 * Its media type, by what the bytes say.
 */
type: string, 
/**
 * Bytes.
 */
size: number, 
/**
 * Pixels, upright. Of a picture they are measured; of a film its sender said so.
 */
width?: number, height?: number, 
/**
 * A picture of 30 bytes, in base64, to show until the real one is there (<https://evanw.github.io/thumbhash>).
 * There where the server can make thumbnails of it.
 */
thumbhash?: string, animated?: boolean, duration_ms?: number, 
/**
 * How loud it is along its length, 0 to 31; at most 100 of them.
 */
waveform?: Array<number>, 
/**
 * Spoken for this message, not a piece of music.
 */
voice?: boolean, 
/**
 * What it shows, in words, for those who cannot see it.
 */
alt?: string, 
/**
 * Hidden until one asks to see it.
 */
spoiler?: boolean, };

export type Hints = { width?: number, height?: number, duration_ms?: number, waveform?: Array<number>, voice?: boolean, };

export type FileRef = FileId | FileWith;

export type FileWith = { id: FileId, alt?: string, spoiler?: boolean, };

export type Preview = { 
/**
 * As it stands in the text.
 */
url: string, site?: string, title?: string, description?: string, 
/**
 * A copy of its picture, kept here: no page of ours asks the other site for anything.
 */
image?: FileInfo, };

export type Entry = { seq: Seq, at: Time, author: UserId, } & ({ "kind": "message" } & Message | { "kind": "joined", users: Array<UserId>, } | { "kind": "left", users: Array<UserId>, by?: UserId, why?: string, } | { "kind": "renamed", name: string, } | { "kind": "topic", topic: string, } | { "kind": "archived" });

export type What = { "kind": "message" } & Message | { "kind": "joined", users: Array<UserId>, } | { "kind": "left", users: Array<UserId>, by?: UserId, why?: string, } | { "kind": "renamed", name: string, } | { "kind": "topic", topic: string, } | { "kind": "archived" };

export type Message = { 
/**
 * Empty where the message was erased.
 */
text: string, 
/**
 * The text as markup; absent where it is no more than plain text.
 */
html?: string, edited_at?: Time, erased?: boolean, client_id?: string, thread?: Seq, also?: boolean, mentions: Array<UserId>, everyone?: boolean, here?: boolean, 
/**
 * The message of this room that it answers.
 */
quote?: Seq, forwarded?: Forwarded, 
/**
 * In the order to be shown.
 */
files: Array<FileInfo>, 
/**
 * What its links show; absent where nothing.
 */
previews?: Array<Preview>, pinned?: boolean, 
/**
 * In the order in which their emoji first came.
 */
reactions: Array<Reaction>, 
/**
 * Replies in the thread below it that are not deleted; absent where there are none.
 */
replies?: number, 
/**
 * When the newest of them, or of those deleted since, was written.
 */
last_reply?: Time, 
/**
 * Who replied last, the newest first, at most [`REPLIERS`], those of deleted replies included; absent where there are no replies.
 */
repliers?: Array<UserId>, };

export type Reaction = { 
/**
 * The character itself, or `:name:` of one of the community's own.
 */
emoji: string, count: number, 
/**
 * Who gave it, in the order in which they did: on a page the first [`REACTORS`] of them.
 */
users: Array<UserId>, };

export type Code = "invalid" | "unauthenticated" | "forbidden" | "not_member" | "read_only" | "not_found" | "method_not_allowed" | "timeout" | "taken" | "last_owner" | "fixed_members" | "wrong_offset" | "unknown_version" | "too_large" | "head_too_large" | "unsupported_media_type" | "out_of_range" | "rate_limited" | "internal" | "busy" | "unavailable" | "storage_full";

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
login_failures_address: number, hashes_waiting: number, 
/**
 * One file.
 */
upload: number, 
/**
 * For the next bytes of a file to arrive.
 */
upload_idle_ms: number, 
/**
 * Files on their way here from one person.
 */
uploads: number, 
/**
 * All files of one person together; 0: as much as there is room for.
 */
files_person: number, 
/**
 * All files together; 0: as much as there is room for.
 */
files_server: number, 
/**
 * How long a file is kept that stands in no message.
 */
unsent_ms: number, 
/**
 * Files with one message.
 */
files: number, 
/**
 * Code points.
 */
file_name: number, 
/**
 * Code points.
 */
alt: number, 
/**
 * Of a picture that is decoded; a larger one is a file like any other.
 */
pixels: number, 
/**
 * For a picture to be decoded.
 */
picture_ms: number, 
/**
 * Links of a message that show what is behind them.
 */
previews: number, 
/**
 * For all that a link needs to be looked at.
 */
preview_ms: number, 
/**
 * Emoji of the community's own.
 */
emoji: number, 
/**
 * Different emoji that one person puts to a message.
 */
reactions: number, 
/**
 * Different emoji below a message.
 */
reactions_message: number, 
/**
 * Pinned messages of a room.
 */
pins: number, 
/**
 * Messages that one person puts aside.
 */
saved: number, groups: number, group_members: number, keywords: number, 
/**
 * Code points.
 */
keyword: number, mentions: number, direct: number, 
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
 * A picture of them, to be seen by everybody here: `files/{picture}/thumbnail?w=`.
 */
picture?: FileId, 
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
 * A picture of them, to be seen by everybody here: `files/{picture}/thumbnail?w=`.
 */
picture?: FileId, 
/**
 * What the person says of themselves; empty where nothing.
 */
status: string, };

export type Me = { role: ServerRole, 
/**
 * The client's own settings, kept for all of a person's devices.
 */
settings: Record<string, unknown>, 
/**
 * When I am not to be disturbed.
 */
quiet: Quiet, 
/**
 * Whether that is now.
 */
dnd: boolean, 
/**
 * When I last looked at my activity.
 */
activity_seen: Time, id: UserId, username: string, name: string, colour: Colour, 
/**
 * One to three letters.
 */
avatar: string, 
/**
 * A picture of them, to be seen by everybody here: `files/{picture}/thumbnail?w=`.
 */
picture?: FileId, 
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

export type Server = { name: string, join: Join, 
/**
 * Whether links show what is behind them, where a room does not say otherwise.
 */
previews: boolean, 
/**
 * Whether the older texts of an edited message are kept, for everybody who may read it.
 */
history: boolean, 
/**
 * Who may add emoji of the community's own.
 */
emoji: EmojiBy, version: string, 
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

export type EmojiBy = "admins" | "anyone";

export type Invite = { id: number, code: string, by: UserId, created_at: Time, expires_at?: Time, uses: number, max_uses?: number, };

export type Level = "all" | "mentions" | "nothing";

export type Room = { id: RoomId, 
/**
 * Empty in a direct room.
 */
name: string, topic: string, private: boolean, direct: boolean, archived: boolean, 
/**
 * Whether links show what is behind them.
 */
previews: boolean, 
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

export type Mine = { role: MemberRole, level: Level, 
/**
 * Until then it disturbs me with nothing, whatever its level says.
 */
muted_until?: Time, draft: string, read: Seq, 
/**
 * Raised by each "mark as unread": a move made before it is ignored.
 */
version: number, 
/**
 * Exact to 999; 1000 stands for more.
 */
unread: number, mentions: number, };

export type Thread = { room: RoomId, 
/**
 * The seq of the message that it hangs below.
 */
root: Seq, following: boolean, 
/**
 * What it may disturb me with, while I follow it.
 */
level: Level, read: Seq, 
/**
 * Raised by each "mark as unread": a move made before it is ignored.
 */
version: number, 
/**
 * Exact to 999; 1000 stands for more.
 */
unread: number, mentions: number, };

export type ThreadView = { 
/**
 * The message that it hangs below, as it reads now.
 */
message: Entry, 
/**
 * Its newest replies, oldest first, at most 3.
 */
replies: Array<Entry>, 
/**
 * When its newest reply was written.
 */
at: Time, room: RoomId, 
/**
 * The seq of the message that it hangs below.
 */
root: Seq, following: boolean, 
/**
 * What it may disturb me with, while I follow it.
 */
level: Level, read: Seq, 
/**
 * Raised by each "mark as unread": a move made before it is ignored.
 */
version: number, 
/**
 * Exact to 999; 1000 stands for more.
 */
unread: number, mentions: number, };

export type Saved = { room: RoomId, seq: Seq, 
/**
 * When I put it aside.
 */
at: Time, 
/**
 * When I was done with it.
 */
done_at?: Time, 
/**
 * As it reads now; absent where I may not read it any more.
 */
message?: Entry, };

export type Reacted = { emoji: string, users: Array<UserId>, };

export type Version = { at: Time, text: string, html?: string, };

export type Group = { id: number, 
/**
 * What one calls it by: of the letters of a user name, and nobody's.
 */
name: string, 
/**
 * What it is, in words; may be empty.
 */
title: string, members: Array<UserId>, };

export type Cause = "mention" | "room" | "keyword" | "reaction" | "reply";

export type Activity = { cause: Cause, at: Time, 
/**
 * Who did it.
 */
by: UserId, room: RoomId, 
/**
 * The message that it is about.
 */
seq: Seq, 
/**
 * Of a reaction.
 */
emoji?: string, 
/**
 * As it reads now.
 */
message: Entry, };

export type Quiet = { 
/**
 * Until then nothing disturbs me ("snooze", "do not disturb"). Others see it.
 */
until?: Time, 
/**
 * Quiet hours, in this time zone of the IANA database (`Europe/Lisbon`).
 */
zone: string, 
/**
 * Monday to Sunday; `null` where a day has none. Absent or empty: no quiet hours.
 */
days: Array<Hours | null>, 
/**
 * Words that call me like my name, in messages that I may read. Nobody else learns of them.
 */
keywords: Array<string>, };

export type Hours = { 
/**
 * Minutes after midnight, 0 to 1439.
 */
from: number, to: number, };

export type Why = { unread?: Seq, mention?: Seq, };

export type Places = { 
/**
 * Room, seq.
 */
rooms: Array<[number, number]>, 
/**
 * Room, root, seq.
 */
threads: Array<[number, number, number]>, };

export type Read = { read: Seq, 
/**
 * Raised by each "mark as unread": a move made before it is ignored.
 */
version: number, 
/**
 * Exact to 999; 1000 stands for more.
 */
unread: number, mentions: number, };

export type State = "online" | "away" | "dnd" | "offline";

export type Member = { role: MemberRole, state: State, id: UserId, username: string, name: string, colour: Colour, 
/**
 * One to three letters.
 */
avatar: string, 
/**
 * A picture of them, to be seen by everybody here: `files/{picture}/thumbnail?w=`.
 */
picture?: FileId, 
/**
 * What the person says of themselves; empty where nothing.
 */
status: string, };

export type Page = { epoch: Time, head: Seq, messages: Array<Entry>, 
/**
 * My own reactions, where a message of this page has more than its list of names tells.
 */
reacted?: Array<[number, string[]]>, 
/**
 * Of a thread: what is mine in it.
 */
thread?: Thread, };

export type Events = { epoch: Time, head: Seq, first: Seq, events: Array<Event>, };

export type SentFile = { room: RoomId, seq: Seq, author: UserId, at: Time, id: FileId, name: string, 
/**
 * Its media type, by what the bytes say.
 */
type: string, 
/**
 * Bytes.
 */
size: number, 
/**
 * Pixels, upright. Of a picture they are measured; of a film its sender said so.
 */
width?: number, height?: number, 
/**
 * A picture of 30 bytes, in base64, to show until the real one is there (<https://evanw.github.io/thumbhash>).
 * There where the server can make thumbnails of it.
 */
thumbhash?: string, animated?: boolean, duration_ms?: number, 
/**
 * How loud it is along its length, 0 to 31; at most 100 of them.
 */
waveform?: Array<number>, 
/**
 * Spoken for this message, not a piece of music.
 */
voice?: boolean, 
/**
 * What it shows, in words, for those who cannot see it.
 */
alt?: string, 
/**
 * Hidden until one asks to see it.
 */
spoiler?: boolean, };

export type FileKind = "media" | "audio" | "document" | "other";

export type Upload = { id: string, 
/**
 * Bytes that are here.
 */
offset: number, size: number, 
/**
 * What became of it, once all of it is here.
 */
file?: FileInfo, };

export type Emoji = { name: string, file: FileId, by: UserId, at: Time, 
/**
 * Where it is another name of this one.
 */
alias_of?: string, };

export type Problem = { type: string, title: string, status: number, code: Code, detail: string, field?: string, request_id: string, };

export type ClientFrame = { "t": "hello" } & Hello | { "t": "send", room: RoomId, client_id: string, text: string, thread?: Seq, also?: boolean, 
/**
 * The message of this room that it answers.
 */
quote?: Seq, files?: Array<FileRef>, } | { "t": "typing", room: RoomId, } | { "t": "read", room: RoomId, seq: Seq, version?: number, } | { "t": "watch", users: Array<UserId>, rooms: Array<RoomId>, } | { "t": "away", away: boolean, } | { "t": "ping" };

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
rooms: Array<[number, number, number, number]>, more?: boolean, } | { "t": "event" } & Event | { "t": "ack", client_id: string, room: RoomId, seq: Seq, } | { "t": "refused", client_id?: string, id?: string | number, code: Code, detail: string, field?: string, retry_after_ms?: number, } | { "t": "done", id: string | number, } | { "t": "caught_up", room: RoomId, head: Seq, } | { "t": "reset", room: RoomId, reason: Reset, head: Seq, } | { "t": "room" } & Room | { "t": "gone", room: RoomId, } | { "t": "server", name: string, join: Join, previews: boolean, history: boolean, emoji: EmojiBy, } | { "t": "user" } & User | { "t": "emoji" } | { "t": "groups" } | { "t": "typing", room: RoomId, users: Array<UserId>, } | { "t": "presence", users: Array<[number, State]>, } | { "t": "read", room: RoomId, seq: Seq, version: number, unread: number, mentions: number, } | { "t": "draft", room: RoomId, text: string, } | { "t": "level", room: RoomId, level: Level, muted_until?: Time, } | { "t": "thread", head: Seq, room: RoomId, 
/**
 * The seq of the message that it hangs below.
 */
root: Seq, following: boolean, 
/**
 * What it may disturb me with, while I follow it.
 */
level: Level, read: Seq, 
/**
 * Raised by each "mark as unread": a move made before it is ignored.
 */
version: number, 
/**
 * Exact to 999; 1000 stands for more.
 */
unread: number, mentions: number, } | { "t": "saved", room: RoomId, seq: Seq, at?: Time, done_at?: Time, } | { "t": "quiet", quiet: Quiet, dnd: boolean, } | { "t": "settings", settings: Record<string, unknown>, } | { "t": "activity", seen: Time, } | { "t": "pong" } | { "t": "restart", after_ms: number, };

export type Reset = "epoch" | "future" | "too_far" | "retained" | "unknown_room";
