// One thread: the message that it hangs below, its replies (in `thread.timeline`), and what is mine in it.
//   thread.root, thread.row         the seq of that message, and how it reads now
//   thread.following, thread.level  whether I follow it, and what it may disturb me with
//   thread.unread, thread.mentions  0 where I do not follow it (1000 stands for more)
//   thread.enter(), thread.at(seq)  it comes on the screen: where the unread begin, or at one reply
// Counted as a room is, by `Unread`; folded as a room is, by `apply`.
import { api } from "../wire/api";
import type { Event, Thread as Info, Level, Page, Read, RoomId, Seq } from "../wire/types";
import type { Desk } from "./desk";
import { drafts } from "./drafts.svelte";
import { apply, type Fold, isShown, type Placed, type Row, rowAt } from "./fold";
import type { Room } from "./room.svelte";
import { self } from "./self.svelte";
import { type Log, Timeline } from "./timeline.svelte";
import { Unread } from "./unread";

type Told = {
  /** The server is to be asked what is mine in it. */
  ask: (thread: Thread) => void;
  /** How far I have read is to be told to the server. */
  read: (thread: Thread) => void;
};

const closed = (): Fold => ({ head: 0, told: 0, end: 0, open: false, archived: false, rows: [] });

export class Thread implements Desk, Log {
  readonly id: `${number}/${number}`;
  readonly pages: string;
  readonly fold = closed();
  following = $state(false);
  level = $state<Level>("all");
  counts: Read = $state.raw({ read: 0, version: 0, unread: 0, mentions: 0 });
  /** The message that it hangs below; undefined until it was loaded. */
  row = $state.raw<Row | undefined>();
  rootFailed = $state(false);
  also = $state(false);
  quote = $state<Seq | null>(null);
  editing = $state<Seq | null>(null);
  keepUnread = $state(false);
  newFrom = $state<Seq | null>(null);
  newCount = $state(0);
  unread = $derived(this.counts.unread);
  mentions = $derived(this.counts.mentions);
  /** How often it was told what is mine in it: an answer that was under way meanwhile may be older. */
  heard = 0;
  #draft = $state("");
  #top = closed();
  #timeline: Timeline | undefined;
  #unread: Unread;

  constructor(
    readonly room: Room,
    readonly root: Seq,
    private readonly tell: Told,
  ) {
    this.id = `${room.id}/${root}`;
    this.pages = `rooms/${room.id}/messages/${root}/thread`;
    this.#unread = new Unread(self.id, root);
    this.#draft = drafts.kept(this.id) ?? "";
  }

  get in(): RoomId {
    return this.room.id;
  }
  get title(): string {
    return this.room.title;
  }
  get joined(): boolean {
    return this.room.joined;
  }
  get draft(): string {
    return this.#draft;
  }
  set draft(text: string) {
    this.#draft = text;
  }
  get head(): Seq {
    return this.room.head;
  }
  get first(): Seq {
    return this.root;
  }
  /** Made when it is first looked into: most of those that I follow never are. */
  get timeline(): Timeline {
    this.#timeline ??= new Timeline(this);
    return this.#timeline;
  }
  lit = $derived(
    this.following &&
      (this.level === "all" ? this.unread > 0 : this.level === "mentions" && this.mentions > 0),
  );

  shows(entry: Placed): boolean {
    return entry.kind === "message" && entry.thread === this.root;
  }

  since(head: Seq): Event[] | undefined {
    return this.room.since(head)?.filter((event) => this.#concerns(event));
  }

  /** The next event of its room. */
  take(event: Event): void {
    if (this.#concerns(event)) {
      const changed = apply(this.fold, event);
      this.#timeline?.took(event, changed);
      if (apply(this.#top, event)) this.row = this.#top.rows[0];
    }
    const before = this.unread;
    this.#count(event);
    if (this.unread > before && (this.room.catching || !this.#timeline?.watched)) {
      if (before === 0) this.newFrom = event.seq;
      this.newCount = this.unread;
    }
  }

  /** What the server says is mine in it, counted at `head`. */
  learn(mine: Info, head: Seq, asked = true): void {
    const { following, level, read, version, unread, mentions } = mine;
    if (version < this.counts.version) return;
    // Said to be unread on another device: being before my eyes here does not read it again.
    if (this.heard > 0 && version > this.counts.version && unread > 0) this.keepUnread = true;
    this.heard += 1;
    const since = this.room.since(head);
    if (!since) return this.tell.ask(this);
    // Followed anew, my place is one that was given to me, and may lie before where I looked meanwhile.
    if (following !== this.following) this.#unread = new Unread(self.id, this.root);
    this.following = following;
    this.level = level;
    if (this.#unread.set({ read, version, unread, mentions }, head)) {
      for (const event of since) this.#count(event);
    } else if (asked) {
      // It was not heard there yet how far I am; what is left after that is asked for when it was.
      this.tell.read(this);
    }
    this.#show();
  }

  /** A page came with what is mine in it. */
  told({ thread, head }: Page): void {
    if (!thread) return;
    const { following, counts } = this;
    if (this.heard === 0) this.learn(thread, head);
    // One of the two is older, and which of them only a question tells that begins now.
    else if (thread.following !== following || (following && thread.read !== counts.read))
      this.tell.ask(this);
  }

  /** The log has a hole: what is on the screen is read anew, and what is mine is asked for. */
  reset(head: Seq): void {
    if (head < this.counts.read) this.#unread = new Unread(self.id, this.root);
    this.#timeline?.reset();
    if (this.row) void this.readRoot();
    this.tell.ask(this);
  }

  /** On the screen: where the unread begin, else the end. */
  async enter(): Promise<void> {
    this.#enters();
    if (this.newFrom !== null) await this.timeline.around(this.newFrom);
    else if (this.timeline.open) this.timeline.turn += 1;
    else await this.timeline.latest();
  }
  /** On the screen, at one reply. */
  async at(seq: Seq): Promise<void> {
    this.#enters();
    await this.timeline.around(seq, { mark: true });
  }
  leave(): void {
    this.newFrom = null;
    this.keepUnread = false;
  }

  /** The message that it hangs below, as the room has it or as the server has. */
  async readRoot(): Promise<void> {
    this.rootFailed = false;
    const row = await this.#ask();
    // What the room holds is brought up to date there.
    const held = rowAt(this.room.fold.rows, this.root);
    this.#top.rows = held ? [held] : row ? [row] : [];
    this.#top.head = held ? this.room.head : (row?.head ?? 0);
    for (const event of this.since(this.#top.head) ?? []) apply(this.#top, event);
    this.row = this.#top.rows[0];
    this.rootFailed = this.row === undefined;
  }

  seen(seq: Seq): void {
    if (!this.following || this.keepUnread || seq <= this.counts.read) return;
    this.readTo(seq);
    this.tell.read(this);
  }
  /** All of it, without looking. */
  markRead(): void {
    this.keepUnread = false;
    this.readTo(this.head);
    this.tell.read(this);
  }
  readTo(seq: Seq): void {
    if (this.#unread.moved(seq, this.head) === "ask") this.tell.ask(this);
    this.#show();
  }

  async follow(level?: Level): Promise<void> {
    this.learn(await api.put<Info>(`${this.pages}/follow`, level ? { level } : {}), this.head);
    this.tell.ask(this);
  }
  async letGo(): Promise<void> {
    this.learn(await api.delete<Info>(`${this.pages}/follow`), this.head);
  }

  /** Everything from this reply on is unread again, on all my devices. */
  async markUnread(seq: Seq): Promise<void> {
    if (!this.following) await this.follow();
    const counts = await api.put<Read>(`${this.pages}/read`, { seq: seq - 1, unread: true });
    this.keepUnread = true;
    this.newFrom = seq;
    this.moved(counts);
  }
  /** The answer to a move of mine: of which head it does not say. */
  moved(counts: Read): void {
    if (counts.version < this.counts.version) return;
    if (counts.version > this.counts.version) {
      this.keepUnread = true;
      this.#unread.set(counts, this.head);
      this.#show();
    }
    if (counts.unread > 0) this.tell.ask(this);
  }

  #enters(): void {
    this.keepUnread = false;
    this.newCount = this.unread;
    this.newFrom = this.newCount > 0 ? this.counts.read + 1 : null;
    if (!this.row) void this.readRoot();
  }

  async #ask(): Promise<Row | undefined> {
    const held = rowAt(this.room.fold.rows, this.root);
    if (held) return held;
    const ask = { after: this.root - 1, limit: 1 };
    const page = await api.get<Page>(`rooms/${this.room.id}/messages`, ask).catch(() => undefined);
    const entry = page?.messages[0];
    return page && entry?.seq === this.root ? { entry, head: page.head } : undefined;
  }

  /** Of the room's log: replies in it, and what happens to messages, whose rows are looked for. */
  #concerns(event: Event): boolean {
    if (event.kind === "message") return event.thread === this.root;
    return "target" in event;
  }

  #count(event: Event): void {
    if (!this.following) return;
    // What the room shows counts there.
    const row = "target" in event ? rowAt(this.room.fold.rows, event.target) : undefined;
    const elsewhere = row !== undefined && isShown(row.entry);
    const outcome = this.#unread.take(event, elsewhere);
    if (outcome === "ask") this.tell.ask(this);
    if (outcome === "changed") this.#show();
  }

  #show(): void {
    const { read, version, unread, mentions } = this.#unread;
    this.counts = this.following
      ? { read, version, unread, mentions }
      : { read, version, unread: 0, mentions: 0 };
  }
}
