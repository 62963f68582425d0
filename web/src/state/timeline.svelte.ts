// The part of a log, of a room or of one thread, that is on the screen: a window of rows that grows at both ends and is trimmed at the far one,
// so that memory and the page stay small in a room of a million messages.
//   timeline.rows                  what to draw (of a room: lines and messages, not thread replies)
//   timeline.open                  whether the window reaches the present
//   timeline.atStart               whether nothing is older
//   timeline.latest(), from(seq), around(seq), older(), newer()
//   timeline.missed                messages that came since I left the bottom ("3 new messages")
import { looking } from "../lib/looking";
import { api } from "../wire/api";
import type { Event, Page, RoomId, Seq } from "../wire/types";
import { apply, type Fold, type Placed, placeOf, type Row, rowAt } from "./fold";
import { reacted } from "./reacted.svelte";
import { self } from "./self.svelte";

export const PAGE = 60;
/** More rows than this are not held: what is far from the eye goes. */
export const MOST = 240;

export type Loading = "latest" | "around" | "older" | "newer" | null;
/** What a window looks into. */
export type Log = {
  /** The room that it is of. */
  readonly in: RoomId;
  /** Where its pages are read. */
  readonly pages: string;
  readonly fold: Fold;
  /** No page begins before this one. */
  readonly first: Seq;
  /** The events after `head` that already came; undefined where they are not all held any more. */
  since(head: Seq): Event[] | undefined;
  /** Whether it is drawn here. */
  shows(entry: Placed): boolean;
  /** What came with a page. */
  told?(page: Page): void;
};
type Ask = { before?: Seq; after?: Seq; around?: Seq };
type Before = (page: Page, room: RoomId) => Promise<unknown> | false;

/** Where the pages of a room are read. */
export const pagesOf = (room: RoomId): string => `rooms/${room}/messages`;
const asking = (ask: Ask) => ({ ...ask, limit: ask.around === undefined ? PAGE : 2 * PAGE });

export class Timeline {
  rows = $state.raw<Row[]>([]);
  open = $state(false);
  atStart = $state(false);
  loading = $state<Loading>(null);
  /** What could not be loaded: asks for it again. */
  failed = $state.raw<(() => void) | null>(null);
  /** Raised when the rows were replaced as a whole: the view finds its place anew. */
  turn = $state(0);
  missed = $state(0);
  /** Whether the end of the window is before the eyes. */
  atBottom = true;
  /** Whether anything was loaded yet. */
  loaded = $state(false);
  /** Where the eye is, kept while the room is not on the screen; null: at the bottom. */
  place: { seq: Seq; offset: number } | null = null;
  /** The row at which the view should stand after a turn; null: at the bottom. */
  target: { seq: Seq; mark: boolean; offset?: number } | null = null;

  static readonly #before: Before[] = [];
  /** The page that the address names, asked for before more than that is known. */
  static #early: { room: RoomId; page: Promise<Page> } | undefined;

  /** Said by the view: what must be in hand before the rows of a page can be drawn at their final size. */
  static needs(make: Before): void {
    Timeline.#before.push(make);
    const early = Timeline.#early;
    // It can come while everything else is drawn.
    early?.page.then((page) => make(page, early.room)).catch(() => undefined);
  }

  /** Asks for the page that a room will be shown with, at its end or around a message. */
  static ahead(room: RoomId, around?: Seq): void {
    Timeline.#early = { room, page: api.ahead(pagesOf(room), asking(around ? { around } : {})) };
  }

  constructor(private readonly log: Log) {}

  /** Whether what comes now comes before somebody's eyes. */
  get watched(): boolean {
    return this.open && this.atBottom && looking();
  }

  /** A row's copy as it reads now. */
  row(seq: Seq): Row | undefined {
    return rowAt(this.log.fold.rows, seq);
  }

  /** The newest page; the window reaches the present from then on. */
  async latest(): Promise<void> {
    this.target = null;
    await this.#turnTo("latest", {});
  }

  /** A window that begins at a message, with about so many after it. */
  async from(seq: Seq, after: number): Promise<void> {
    if (this.row(seq) || after > PAGE / 2) return this.around(seq);
    // The newest page has it, most often: then the window reaches the present as well.
    this.target = { seq, mark: false };
    const turning = this.#turnTo("latest", {});
    const ticket = this.#wanted;
    await turning;
    const passed = ticket !== this.#wanted || this.failed;
    if (!passed && !this.atStart && (this.rows[0]?.entry.seq ?? 0) > seq) await this.around(seq);
  }

  /** A window around a message, which the view brings into sight (and marks, when a link led there). */
  async around(seq: Seq, { mark = false, offset }: { mark?: boolean; offset?: number } = {}): Promise<void> {
    this.target = { seq, mark, ...(offset !== undefined && { offset }) };
    if (this.row(seq)) this.turn += 1;
    else await this.#turnTo("around", { around: seq });
  }

  async older(): Promise<void> {
    const first = this.log.fold.rows[0]?.entry.seq;
    if (this.atStart || this.loading || first === undefined) return;
    await this.#load("older", { before: first }, (fold, page) => {
      this.atStart = page.messages.length < PAGE;
      const rows = [...page.rows, ...fold.rows];
      if (rows.length > MOST) {
        fold.open = this.open = false;
        rows.length = MOST;
      }
      fold.rows = rows;
    });
  }

  async newer(): Promise<void> {
    const last = this.log.fold.rows.at(-1)?.entry.seq;
    if (this.open || this.loading || last === undefined) return;
    await this.#load("newer", { after: last }, (fold, page) => {
      fold.rows = [...fold.rows, ...page.rows];
      this.#setOpen(page);
      this.#trimStart();
    });
  }

  /** From the room: the event was folded in. */
  took(event: Event, changed: boolean): void {
    const said = event.kind === "message" && this.log.shows(event);
    if (said && event.author !== self.id && !(this.open && this.atBottom)) this.missed += 1;
    if (!changed) return;
    if (this.atBottom) this.#trimStart();
    else this.#trimFar();
    this.#show();
  }

  /** The view says whether it shows the end; while it does not, what comes is counted. */
  bottom(at: boolean): void {
    this.atBottom = at;
    if (at && this.open) this.missed = 0;
  }

  /** What was loaded cannot be brought up to date: load anew what the eye is on. It stays on the screen meanwhile. */
  reset(): void {
    if (!this.loaded) return;
    const { place, open } = this;
    this.log.fold.open = this.open = false;
    if (!place || (open && this.atBottom)) return void this.latest();
    this.target = { ...place, mark: false };
    void this.#turnTo("around", { around: place.seq });
  }

  /** Lets the rows go: the room is long off the screen. */
  drop(): void {
    this.log.fold.rows = [];
    this.log.fold.open = this.open = false;
    this.loaded = this.atStart = false;
    this.#show();
  }

  async #turnTo(why: Loading, ask: Ask): Promise<void> {
    await this.#load(why, ask, (fold, page) => {
      fold.rows = page.rows;
      this.#setOpen(page);
      this.atStart =
        why === "latest" ? page.messages.length < PAGE : (page.rows[0]?.entry.seq ?? 0) <= this.log.first;
      this.loaded = true;
      this.missed = 0;
      this.turn += 1;
    });
  }

  #wanted = 0;

  async #load(why: Loading, ask: Ask, put: (fold: Fold, page: Loaded) => void): Promise<void> {
    const ticket = ++this.#wanted;
    Timeline.#early = undefined;
    this.loading = why;
    this.failed = null;
    try {
      let page: Loaded | undefined;
      while (!page) {
        const answer = await api.get<Page>(this.log.pages, asking(ask));
        await Promise.all(Timeline.#before.map((make) => make(answer, this.log.in)));
        if (ticket !== this.#wanted) return; // another jump came in between
        // Undefined: the page is older than what we still hold to bring it up to date. Rare; a fresh one is newer.
        page = this.#current(answer, ask);
        if (page) this.log.told?.(answer);
      }
      put(this.log.fold, page);
      this.#show();
    } catch {
      if (ticket === this.#wanted) this.failed = () => void this.#load(why, ask, put);
    } finally {
      if (ticket === this.#wanted) this.loading = null;
    }
  }

  /** A page, brought up to what the live line had told meanwhile by the same fold. */
  #current(page: Page, ask: Ask): Loaded | undefined {
    const { head, messages } = page;
    const since = this.log.since(head);
    if (!since) return undefined;
    const newest = messages.at(-1)?.seq ?? ask.after ?? 0;
    // A page that asks for the newest, or that came back short going forward, reaches the present.
    const open =
      ask.before === undefined && ask.around === undefined
        ? ask.after === undefined || messages.length < PAGE
        : newest >= head;
    const rows = messages.map((entry) => ({ entry, head }));
    const fold: Fold = { head, told: head, end: head, open, archived: false, rows };
    reacted.learn(this.log.in, page);
    for (const event of since) {
      apply(fold, event);
      reacted.took(event);
    }
    return { rows: fold.rows, messages, open, head };
  }

  #setOpen(page: Loaded): void {
    this.log.fold.open = this.open = page.open;
    this.log.fold.end = page.head;
  }

  #trimStart(): void {
    const { fold } = this.log;
    if (fold.rows.length <= MOST) return;
    fold.rows = fold.rows.slice(-MOST);
    this.atStart = false;
  }

  /** Somebody reads far up while others go on: the end goes, or the start, whichever the eye is farther from. */
  #trimFar(): void {
    const { fold } = this.log;
    if (fold.rows.length <= MOST + PAGE) return;
    const eye = this.place ? placeOf(fold.rows, this.place.seq) : fold.rows.length;
    if (eye > fold.rows.length / 2) return this.#trimStart();
    fold.rows = fold.rows.slice(0, MOST);
    fold.open = this.open = false;
  }

  #show(): void {
    this.rows = this.log.fold.rows.filter((row) => this.log.shows(row.entry));
  }
}

type Loaded = { rows: Row[]; messages: Page["messages"]; open: boolean; head: Seq };
