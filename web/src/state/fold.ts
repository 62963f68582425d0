// The fold: what a person sees of a room, made from its log one event at a time. The same as crates/protocol/src/fold.rs;
// fixtures/ holds both to one answer, and the page calls this very function: there is no second reducer.
//
// A whole log folds into a `Fold` that is open from the start. A page of history is a part of one: each row says up to
// which event the server had folded it (`head`), and no event at or below that changes it again.
import type { Entry, Event, MemberRole, MessageEntry, Preview, Reaction, Seq, UserId } from "../wire/types";

/** Faces that a thread shows. */
const REPLIERS = 3;

/** What says where an entry, or an event, is drawn. */
export type Placed = { kind: string; thread?: Seq; also?: boolean };
export type Row = { readonly entry: Entry; readonly head: Seq };

export type Fold = {
  /** The newest event taken. */
  head: Seq;
  /** Name, topic and archived are known as of this event. */
  told: Seq;
  /** Where `open`: rows hold everything up to this event. */
  end: Seq;
  /** Whether the rows reach the present, so that what is new belongs at their end. */
  open: boolean;
  name?: string;
  topic?: string;
  archived: boolean;
  /** Whether the links of the room show nothing of what is behind them. */
  previews_off?: boolean;
  /** Absent where nobody asks: a room may have twenty thousand. */
  members?: Map<UserId, MemberRole>;
  rows: Row[];
};

export function empty(): Fold {
  return { head: 0, told: 0, end: 0, open: true, archived: false, members: new Map(), rows: [] };
}

export function isMessage(entry: Entry): entry is MessageEntry {
  return entry.kind === "message";
}

/** Whether a page of the room shows it: a line, a top-level message, or a reply that was also sent to the room. */
export function isShown({ kind, thread, also }: Placed): boolean {
  return kind !== "message" || thread === undefined || also === true;
}

/** Takes the next event; one at or below `head` was already taken and changes nothing. Answers whether a row changed. */
export function apply(fold: Fold, event: Event): boolean {
  if (event.seq <= fold.head) return false;
  fold.head = event.seq;
  const news = event.seq > fold.told;
  switch (event.kind) {
    case "message": {
      const root =
        event.thread !== undefined &&
        change(fold, event.thread, event.seq, (message) => ({
          ...message,
          // A reply that was deleted since comes as a tombstone when the log is read again; the `deleted` that follows
          // takes it off the count, so it is counted here too.
          replies: (message.replies ?? 0) + 1,
          last_reply: event.at,
          repliers: replied(message.repliers, event.author),
        }));
      return push(fold, message(event)) || root;
    }
    case "edited":
      return change(fold, event.target, event.seq, (message) =>
        message.erased ? message : stillShown(says(message, event, event.at), event),
      );
    case "deleted": {
      const root = event.thread !== undefined && change(fold, event.thread, event.seq, fewerReplies);
      return change(fold, event.target, event.seq, erase) || root;
    }
    case "preview":
      return change(fold, event.target, event.seq, (message) =>
        message.erased ? message : shows(message, event.previews),
      );
    case "reacted":
      return change(fold, event.target, event.seq, (message) =>
        message.erased
          ? message
          : { ...message, reactions: react(message.reactions, event.emoji, event.author) },
      );
    case "unreacted":
      return change(fold, event.target, event.seq, (message) => ({
        ...message,
        reactions: unreact(message.reactions, event.emoji, event.author),
      }));
    case "pinned":
    case "unpinned":
      return change(fold, event.target, event.seq, ({ pinned: _, ...message }) =>
        event.kind === "pinned" && !message.erased ? { ...message, pinned: true } : message,
      );
    case "joined":
      for (const user of event.users) if (!fold.members?.has(user)) fold.members?.set(user, "member");
      return push(fold, { ...top(event), kind: "joined", users: event.users });
    case "left": {
      for (const user of event.users) fold.members?.delete(user);
      const { kind, users, by, why } = event;
      return push(fold, { ...top(event), kind, users, ...(by && { by }), ...(why && { why }) });
    }
    case "renamed":
      if (news) fold.name = event.name;
      return push(fold, { ...top(event), kind: "renamed", name: event.name });
    case "topic":
      if (news) fold.topic = event.topic;
      return push(fold, { ...top(event), kind: "topic", topic: event.topic });
    case "archived":
      if (news) fold.archived = true;
      return push(fold, { ...top(event), kind: "archived" });
    case "unarchived":
      if (news) fold.archived = false;
      return false;
    case "previews_on":
    case "previews_off":
      if (news) fold.previews_off = event.kind === "previews_off";
      return false;
    case "role":
      fold.members?.set(event.user, event.role);
      return false;
    default:
      return false; // a kind of a newer server
  }
}

export function foldOf(events: Iterable<Event>): Fold {
  const fold = empty();
  for (const event of events) apply(fold, event);
  return fold;
}

/** Where a row stands, or would stand: rows are in the order of their seq. */
export function placeOf(rows: readonly Row[], seq: Seq): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.entry.seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function rowAt(rows: readonly Row[], seq: Seq): Row | undefined {
  const row = rows[placeOf(rows, seq)];
  return row?.entry.seq === seq ? row : undefined;
}

type Message = Extract<Event, { kind: "message" }>;
type Words = Pick<Message, "text" | "html" | "mentions" | "everyone" | "here">;

const top = ({ seq, at, author }: Event) => ({ seq, at, author });

function message(event: Message): MessageEntry {
  const { kind, client_id, thread, also, quote, forwarded, erased } = event;
  const bare: MessageEntry = {
    ...top(event),
    kind,
    text: "",
    client_id,
    mentions: [],
    files: event.files ?? [],
    reactions: [],
    ...(thread !== undefined && { thread }),
    ...(also && { also }),
    ...(quote !== undefined && { quote }),
    ...(forwarded && { forwarded }),
    ...(erased && { erased }),
  };
  return says(bare, event);
}

function says(before: MessageEntry, words: Words, edited_at?: string): MessageEntry {
  const { everyone: _, here: __, html: ___, ...message } = before;
  return {
    ...message,
    text: words.text ?? "",
    mentions: words.mentions ?? [],
    ...(words.html !== undefined && { html: words.html }),
    ...(words.everyone && { everyone: true }),
    ...(words.here && { here: true }),
    ...(edited_at !== undefined && { edited_at }),
  };
}

/** A new list takes the place of the old one, which may be of another text. */
function shows({ previews: _, ...message }: MessageEntry, previews: Preview[] = []): MessageEntry {
  return previews.length > 0 ? { ...message, previews } : message;
}

/** Where no history is kept, what an older text's links show goes with that text. */
function stillShown(message: MessageEntry, { sole, text }: { sole?: boolean; text?: string }): MessageEntry {
  if (!sole || text === undefined || !message.previews) return message;
  return shows(
    message,
    message.previews.filter(({ url }) => text.includes(url)),
  );
}

/** What stays says where it stood, and what thread hangs below it. */
function erase(message: MessageEntry): MessageEntry {
  const { seq, at, author, kind, client_id, thread, also, replies, last_reply, repliers } = message;
  return {
    seq,
    at,
    author,
    kind,
    text: "",
    mentions: [],
    files: [],
    reactions: [],
    erased: true,
    ...(client_id !== undefined && { client_id }),
    ...(thread !== undefined && { thread }),
    ...(also && { also }),
    ...(replies && { replies }),
    ...(last_reply && { last_reply }),
    ...(repliers && { repliers }),
  };
}

function fewerReplies({ replies = 0, last_reply, repliers, ...message }: MessageEntry): MessageEntry {
  if (replies <= 1) return message;
  return {
    ...message,
    replies: replies - 1,
    ...(last_reply && { last_reply }),
    ...(repliers && { repliers }),
  };
}

/** The newest first. */
const replied = (repliers: UserId[] = [], user: UserId) =>
  [user, ...repliers.filter((one) => one !== user)].slice(0, REPLIERS);

function react(reactions: Reaction[], emoji: string, user: UserId): Reaction[] {
  if (!reactions.some((one) => one.emoji === emoji))
    return [...reactions, { emoji, count: 1, users: [user] }];
  return reactions.map((one) =>
    one.emoji === emoji
      ? {
          ...one,
          count: one.count + 1,
          // A page names the first of them only: there are others before this one.
          users: one.users.length < one.count ? one.users : [...one.users, user],
        }
      : one,
  );
}

function unreact(reactions: Reaction[], emoji: string, user: UserId): Reaction[] {
  return reactions.flatMap((one) => {
    if (one.emoji !== emoji) return one;
    return one.count > 1
      ? { ...one, count: one.count - 1, users: one.users.filter((id) => id !== user) }
      : [];
  });
}

function push(fold: Fold, entry: Entry): boolean {
  if (!fold.open || entry.seq <= fold.end) return false;
  fold.rows.push({ entry, head: entry.seq });
  return true;
}

function change(fold: Fold, target: Seq, seq: Seq, how: (message: MessageEntry) => MessageEntry): boolean {
  const at = placeOf(fold.rows, target);
  const row = fold.rows[at];
  if (row?.entry.seq !== target || !isMessage(row.entry) || seq <= row.head) return false;
  fold.rows[at] = { entry: how(row.entry), head: seq };
  return true;
}
