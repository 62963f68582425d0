// The files that were sent in a room, or in all rooms that I may see: newest first, page by page as one scrolls, narrowed
// as one types.
//   files.list                    what was found so far · files.loaded, files.done, files.wrong
//   files.find(narrow), .more()
//   files.take(frame)             for `feed.hear`: what is sent comes to the top, what is deleted goes
import { api, type Query } from "../wire/api";
import type { FileKind, RoomId, SentFile, ServerFrame, Time, UserId } from "../wire/types";
import { fresh } from "./fresh";
import { reason } from "./notices.svelte";
import { rooms } from "./rooms.svelte";

export type Narrow = { kind?: FileKind; user?: UserId; q?: string; from?: Time; to?: Time };
type Page = { files: SentFile[]; next?: string };

const PAGE = 60;
/** Several files that are sent within a moment are one question. */
const SOON = 250;

/** What of a room's line makes the list another one. */
const changes = (frame: ServerFrame): boolean =>
  frame.t === "gone" ||
  (frame.t === "event" &&
    (frame.kind === "deleted" ||
      (frame.kind === "message" && frame.files !== undefined && frame.files.length > 0)));

export class Files {
  list = $state.raw<SentFile[]>([]);
  loaded = $state(false);
  done = $state(false);
  wrong = $state("");
  /** The eye is on something further down: what is new waits, so that nothing moves under it. */
  still = false;
  #narrow: Narrow = {};
  #cursor: string | undefined;
  #turn = 0;
  #asking = false;
  #news = false;
  #soon: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly room?: RoomId | undefined) {}

  /** The first page anew. What stood there before stays until it comes. */
  async find(narrow: Narrow): Promise<void> {
    this.#narrow = narrow;
    this.#turn += 1;
    await this.#page(undefined);
  }

  async more(): Promise<void> {
    if (this.loaded && !this.done && !this.#asking && !this.wrong) await this.#page(this.#cursor);
  }

  again(): Promise<void> {
    return this.#page(this.loaded ? this.#cursor : undefined);
  }

  /** Back at the top, where what is new is shown. */
  top(): void {
    this.still = false;
    if (this.#news) this.#askSoon(0);
  }

  take(frame: ServerFrame): void {
    if ("room" in frame && this.room !== undefined && frame.room !== this.room) return;
    // One's own coming into a room: its files are new here, however old they are.
    if (frame.t === "room") {
      if (this.room === undefined && !rooms.get(frame.id)) void this.find(this.#narrow);
    } else if (frame.t === "gone") this.#drop((file) => file.room === frame.room);
    else if (frame.t === "reset") void this.find(this.#narrow);
    else if (frame.t === "welcome") this.#askSoon();
    else if (frame.t === "event") {
      if (frame.kind === "deleted")
        this.#drop((file) => file.room === frame.room && file.seq === frame.target);
      if (frame.kind === "message" && frame.files?.length) this.#askSoon();
    }
  }

  close(): void {
    clearTimeout(this.#soon);
    this.#turn += 1;
  }

  #drop(which: (file: SentFile) => boolean): void {
    if (this.list.some(which)) this.list = this.list.filter((file) => !which(file));
  }

  #askSoon(after = SOON): void {
    this.#news = true;
    if (this.still || !this.loaded) return;
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#news = false;
      void this.#newest();
    }, after);
  }

  /** Puts before the list what came since. */
  async #newest(): Promise<void> {
    const turn = this.#turn;
    const page = await fresh(() => this.#ask(undefined), changes).catch(() => undefined);
    if (turn !== this.#turn || !page) return;
    const known = new Set(this.list.map(keyOf));
    const news = page.files.filter((file) => !known.has(keyOf(file)));
    // So much at once that a gap is left: as if it were opened now.
    if (news.length === PAGE) return this.find(this.#narrow);
    if (news.length > 0) this.list = [...news, ...this.list];
  }

  async #page(cursor: string | undefined): Promise<void> {
    const turn = this.#turn;
    this.#asking = true;
    try {
      const page = await fresh(() => this.#ask(cursor), changes);
      if (turn !== this.#turn) return; // one typed on meanwhile
      const known = new Set(cursor ? this.list.map(keyOf) : []);
      const news = page.files.filter((file) => !known.has(keyOf(file)));
      this.list = cursor ? [...this.list, ...news] : news;
      this.#cursor = page.next;
      this.done = page.next === undefined;
      this.loaded = true;
      this.wrong = "";
    } catch (error) {
      if (turn === this.#turn) this.wrong = reason(error);
    } finally {
      if (turn === this.#turn) this.#asking = false;
    }
  }

  #ask(cursor: string | undefined): Promise<Page> {
    const query: Query = { ...this.#narrow, cursor, limit: PAGE };
    return api.get<Page>(this.room === undefined ? "files" : `rooms/${this.room}/files`, query);
  }
}

export const keyOf = (file: SentFile): string => `${file.room}/${file.seq}/${file.id}`;
