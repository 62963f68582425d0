// One room: what I know of it, its counts, and the place where its events enter. The messages are in `room.timeline`.
//   room.title        its name; of a direct room the names of the others
//   room.unread, room.mentions (1000 stands for more), room.lit (whether its light is on, by its level)
//   room.joined       whether I am a member
//   room.typing       ids of those who write just now
//   room.draft        what I have begun to write (change by drafts.write)

import { clock } from "../lib/clock.svelte";
import { api, passes } from "../wire/api";
import type { Event, Room as Info, Level, Read, RoomId, Seq, User, UserId } from "../wire/types";
import { words } from "../words/en";
import type { Desk } from "./desk";
import { apply, type Fold, isShown } from "./fold";
import { people } from "./people.svelte";
import { reacted } from "./reacted.svelte";
import { reads } from "./reads.svelte";
import { self } from "./self.svelte";
import { type Log, pagesOf, Timeline } from "./timeline.svelte";
import { MANY, Unread } from "./unread";

/** Newest events kept to bring a page or a count up to date that was read while they came. */
const RECENT = 400;
const ASK_AFTER = 600;
/** … and again after this, where it could not be told. */
const AGAIN = 3000;
const TYPING_LASTS = 6500;

export class Room implements Desk, Log {
  /** Told of each event once, in order, and of a break in them: the threads hang here once they are loaded. */
  static below: (room: Room, event: Event | "reset") => void = () => undefined;

  readonly id: RoomId;
  readonly pages: string;
  readonly shows = isShown;
  info: Info = $state.raw({} as Info);
  counts: Read = $state.raw({ read: 0, version: 0, unread: 0, mentions: 0 });
  typing = $state.raw<UserId[]>([]);
  draft = $state("");
  quote = $state<Seq | null>(null);
  editing = $state<Seq | null>(null);
  /** Set by "mark as unread", here or on another device: what is on the screen is not taken as read until the room is opened anew. */
  keepUnread = $state(false);
  /** The seq below the "New" line: where what I have not seen began, when I came into the room or looked at it again. */
  newFrom = $state<Seq | null>(null);
  /** How many were unread then: what the way up to them says. */
  newCount = $state(0);
  /** The line catches up: what it tells was said while I could not see it. */
  catching = false;
  readonly timeline: Timeline;

  readonly fold: Fold = { head: 0, told: 0, end: 0, open: false, archived: false, rows: [] };
  #unread = new Unread(self.id);
  #recent: Event[] = [];
  #ask: ReturnType<typeof setTimeout> | undefined;
  #hush: ReturnType<typeof setTimeout> | undefined;

  constructor(info: Info) {
    this.id = info.id;
    this.pages = pagesOf(info.id);
    this.fold.head = info.head;
    this.draft = info.draft ?? "";
    this.timeline = new Timeline(this);
    this.merge(info);
  }

  name = $derived(this.info.name);
  topic = $derived(this.info.topic);
  private = $derived(this.info.private);
  direct = $derived(this.info.direct);
  archived = $derived(this.info.archived);
  previews = $derived(this.info.previews);
  members = $derived(this.info.members);
  role = $derived(this.info.role);
  joined = $derived(this.info.role !== undefined);
  muted = $derived((this.info.muted_until ?? "") > clock.now);
  /** What may disturb me now. What I chose for it is in `info`. */
  level: Level = $derived(this.muted ? "nothing" : (this.info.level ?? "all"));
  at = $derived(this.info.at);
  /** The others of a direct room, as they are called now. */
  people: User[] = $derived((this.info.people ?? []).map((user) => people.get(user.id) ?? user));
  title = $derived(this.info.direct ? this.#names() : this.info.name);
  unread = $derived(this.counts.unread);
  mentions = $derived(this.counts.mentions);
  lit = $derived(
    this.level === "all" ? this.counts.unread > 0 : this.level === "mentions" && this.counts.mentions > 0,
  );

  get in(): RoomId {
    return this.id;
  }
  get head(): Seq {
    return this.fold.head;
  }
  get first(): Seq {
    return this.info.first;
  }

  /** Everything up to `seq` was before my eyes. */
  seen(seq: Seq): void {
    reads.seen(this, seq);
  }

  /** The room comes on the screen. */
  begin(): void {
    this.keepUnread = false;
    this.newCount = this.counts.unread;
    this.newFrom = this.newCount > 0 ? this.counts.read + 1 : null;
  }

  /** On the screen: where one was, else where the unread begin, else the end. */
  enter(): void {
    const { timeline } = this;
    const { place } = timeline;
    this.begin();
    if (place) void timeline.around(place.seq, { offset: place.offset });
    // Nobody reads up a thousand: such a room opens at its end, with a way to where they begin.
    else if (this.newFrom !== null && this.newCount < MANY) void timeline.from(this.newFrom, this.newCount);
    else if (timeline.open) timeline.turn += 1;
    else void timeline.latest();
  }

  /** It goes off the screen. */
  leave(): void {
    this.newFrom = null;
    this.keepUnread = false;
  }

  /** The next event of the log. Answers false where one before it is missing: the caller loads the room anew. */
  take(event: Event): boolean {
    if (event.seq <= this.fold.head) return true;
    if (event.seq > this.fold.head + 1) return false;
    this.#recent.push(event);
    if (this.#recent.length > RECENT) this.#recent.splice(0, RECENT / 4);
    const told = event.seq > this.fold.told;
    this.timeline.took(event, apply(this.fold, event));
    reacted.took(event);
    this.#inform(event, told);
    this.#count(event);
    Room.below(this, event);
    if (event.kind === "message") this.#stopsTyping(event.author);
    return true;
  }

  /** What the server says of the room at `info.head`, in a list, an answer or a frame. */
  merge(info: Info): void {
    if (info.people) people.learn(info.people);
    if (info.head < this.fold.told) return;
    const since = this.since(info.head);
    if (!since) return this.askSoon();
    this.info = info;
    this.fold.told = info.head;
    for (const event of since) this.#inform(event, true);
    if (info.read !== undefined && this.#counted(info as Read, info.head)) {
      for (const event of since) if (this.#unread.take(event) === "ask") this.askSoon();
    }
    this.#show();
  }

  /** The events after `head` that already came; undefined where they are not all held any more. */
  since(head: Seq): Event[] | undefined {
    if (head >= this.fold.head) return [];
    const first = this.#recent[0]?.seq ?? Number.POSITIVE_INFINITY;
    return first <= head + 1 ? this.#recent.filter((event) => event.seq > head) : undefined;
  }

  /** The server cannot tell what we missed: go on from `head` and load what the screen shows anew. */
  reset(head: Seq): void {
    // What comes between is not counted here one by one.
    if (this.counts.unread === 0) this.newFrom = this.counts.read + 1;
    this.fold.head = head;
    this.fold.told = 0;
    // A log that is shorter than what I have read is another one: from an older copy of the server.
    if (head < this.#unread.read) this.#unread = new Unread(self.id);
    this.#recent = [];
    this.timeline.reset();
    Room.below(this, "reset");
    this.askSoon(0);
  }

  /** My cursor as another device moved it. Counts come along, true at some moment near now. */
  readElsewhere({ read, version, unread, mentions }: Read): void {
    const older = version < this.counts.version;
    if (older || (version === this.counts.version && read <= this.counts.read)) return;
    if (version === this.counts.version) return this.readTo(read);
    this.#unread.set({ read, version, unread, mentions }, this.fold.head);
    this.#show();
    this.askSoon();
  }

  /** My cursor goes forward, here on the screen at once; `reads` tells the server. */
  readTo(seq: Seq): void {
    if (this.#unread.moved(seq, this.fold.head) === "ask") this.askSoon();
    this.#show();
  }

  /** The answer to a move of mine. */
  readAnswer(counts: Read): void {
    this.#counted(counts, this.fold.head);
    this.#show();
    if (counts.unread > 0) this.askSoon();
  }

  change(change: Partial<Info>): void {
    this.info = { ...this.info, ...change };
  }

  typingNow(users: UserId[]): void {
    this.typing = users.filter((id) => id !== self.id);
    clearTimeout(this.#hush);
    // The server says when it ends; a line that breaks in between must not leave somebody typing for ever.
    this.#hush = setTimeout(() => {
      this.typing = [];
    }, TYPING_LASTS);
  }

  /** Asks the server for what cannot be known here; several reasons within a moment are one question. */
  askSoon(after = ASK_AFTER): void {
    this.#ask ??= setTimeout(
      async () => {
        this.#ask = undefined;
        await api.get<Info>(`rooms/${this.id}`).then(
          (info) => this.merge(info),
          (error) => passes(error.code) && this.askSoon(AGAIN),
        );
      },
      after + Math.random() * after,
    );
  }

  close(): void {
    clearTimeout(this.#ask);
    clearTimeout(this.#hush);
  }

  #names(): string {
    const mine = this.people.length === 1 && this.people[0]?.id === self.id;
    return mine ? words.room.notes : this.people.map((user) => user.name).join(", ");
  }

  #stopsTyping(author: UserId): void {
    if (this.typing.includes(author)) this.typing = this.typing.filter((id) => id !== author);
  }

  #inform(event: Event, news: boolean): void {
    if (!news) return;
    const change: Partial<Info> = { head: event.seq, at: event.at };
    if (event.kind === "renamed") change.name = event.name;
    if (event.kind === "topic") change.topic = event.topic;
    if (event.kind === "archived") change.archived = true;
    if (event.kind === "unarchived") change.archived = false;
    if (event.kind === "previews_on") change.previews = true;
    if (event.kind === "previews_off") change.previews = false;
    if (event.kind === "joined") change.members = this.info.members + event.users.length;
    if (event.kind === "left") change.members = this.info.members - event.users.length;
    if (event.kind === "role" && event.user === self.id) change.role = event.role;
    this.info = { ...this.info, ...change };
  }

  #count(event: Event): void {
    const outcome = this.#unread.take(event);
    if (outcome === "ask") this.askSoon();
    if (outcome === "changed") this.#show();
  }

  /** The server's numbers, unless they are of a place that I have left: then it is told once more, and asked later. */
  #counted(counts: Read, head: Seq): boolean {
    if (this.#unread.set(counts, head)) return true;
    reads.tellAgain(this);
    // Nothing unread here may also be because nothing was counted here since a break.
    if (this.counts.unread > 0 || counts.unread > 0) this.askSoon();
    return false;
  }

  #show(): void {
    const { read, version, unread, mentions } = this.#unread;
    const before = this.counts.unread;
    // Somebody speaks while I look elsewhere: the line begins there, and stays while I read on.
    if (unread > before && (this.catching || !this.timeline.watched)) {
      if (before === 0) this.newFrom = read + 1;
      this.newCount = unread;
    }
    // Said to be unread on another device: being before my eyes here does not read it again.
    if (version > this.counts.version && unread > 0) this.keepUnread = true;
    this.counts = { read, version, unread, mentions };
  }
}
