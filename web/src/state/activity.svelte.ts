// What concerns me in all rooms: who named me, reacted to what I wrote, replied in a thread that I follow, used a word of mine. Newest first.
//   activity.list, .loaded, .done, .wrong · find(filter), more(), again() · open() with the view; answers how to close it
//   activity.came(at)      something concerns me · mayHave(): or may
// `self.news` says whether there is something that I have not seen.
import { api } from "../wire/api";
import type { Cause, Event, EventOf, Activity as Item, MessageEntry, ServerFrame, Time } from "../wire/types";
import { causeOf } from "./cause";
import { feed } from "./feed.svelte";
import { foldOf, isMessage } from "./fold";
import { follows } from "./follows";
import { reason } from "./notices.svelte";
import { self } from "./self.svelte";

export type Filter = "all" | "mentions" | "reactions" | "threads" | "words";
export type { Item };

type Page = { activity: Item[]; next?: string };

const CAUSES: Record<Filter, Cause[]> = {
  all: [],
  mentions: ["mention", "room"],
  reactions: ["reaction"],
  threads: ["reply"],
  words: ["keyword"],
};
const PAGE = 50;
/** Several things within a moment are one question. */
const SOON = 300;
/** Where nobody looks a mark may come later: a busy room's reactions must not make everybody ask. */
const LATER = 15_000;

class Activity {
  list = $state.raw<Item[]>([]);
  loaded = $state(false);
  done = $state(false);
  wrong = $state("");
  /** When I had looked last, before the view was opened: what is newer is new to me. */
  since: Time = $state("");
  #newest: Time = $state("");
  #shown = $state(false);
  #filter: Filter = "all";
  #cursor: string | undefined;
  #turn = 0;
  #asking = false;
  /** Of several looks at what is newest the last one counts. */
  #look = 0;
  /** Something came or went while a page was on its way, which may have been read before that. */
  #missed = false;
  #soon: ReturnType<typeof setTimeout> | undefined;

  /** Called once, when the page has nothing else to do. */
  start(): void {
    $effect.root(() => {
      $effect(() => {
        self.news = !this.#shown && this.#newest > (self.me?.activity_seen ?? "");
      });
    });
    feed.hear((frame) => {
      if (frame.t === "welcome") this.mayHave(SOON);
      if (this.#shown) this.#take(frame);
    });
    this.mayHave(0);
  }

  came(at: Time): void {
    if (at > this.#newest) this.#newest = at;
  }

  /** Only the server can tell. */
  mayHave(after = LATER): void {
    this.#soon ??= setTimeout(
      async () => {
        this.#soon = undefined;
        if (this.#shown) return this.#latest();
        const page = await this.#ask([], undefined, 1).catch(() => undefined);
        for (const item of page?.activity ?? []) this.came(item.at);
      },
      this.#shown ? SOON : after * (0.5 + Math.random()),
    );
  }

  /** The view is on the screen. */
  open(): () => void {
    this.#shown = true;
    this.since = self.me?.activity_seen ?? "";
    return () => {
      this.#shown = false;
      this.#turn += 1;
    };
  }

  /** The first page anew. What stood there before stays until it comes. */
  async find(filter: Filter): Promise<void> {
    if (filter !== this.#filter) this.loaded = false;
    this.#filter = filter;
    this.#turn += 1;
    await this.#page(undefined);
  }
  async more(): Promise<void> {
    if (this.loaded && !this.done && !this.#asking && !this.wrong) await this.#page(this.#cursor);
  }
  again(): Promise<void> {
    return this.#page(this.loaded ? this.#cursor : undefined);
  }

  /** What is on the screen is seen, on all my devices. */
  async #seen(): Promise<void> {
    const [first] = this.list;
    if (first) this.came(first.at);
    // A narrower list does not show all that there is.
    if (
      !self.me ||
      !this.#newest ||
      this.#newest <= self.me.activity_seen ||
      document.visibilityState !== "visible"
    )
      return;
    self.me = { ...self.me, activity_seen: this.#newest };
    await api.put("activity/seen", { at: this.#newest }).catch(() => undefined);
  }

  #take(frame: ServerFrame): void {
    if (frame.t === "gone") this.#drop((item) => item.room === frame.room);
    else if (frame.t === "welcome" || frame.t === "reset") this.mayHave();
    else if (frame.t === "event") void this.#event(frame);
  }

  async #event(event: Event): Promise<void> {
    const about = (item: Item) => "target" in event && item.room === event.room && item.seq === event.target;
    if (event.kind === "deleted") this.#drop(about);
    else if (event.kind === "unreacted")
      this.#drop((item) => about(item) && item.by === event.author && item.emoji === event.emoji);
    else if (event.kind === "edited") {
      // Whom it called before it may not call any more, and the other way round.
      if (this.list.some(about) || causeOf(event)) this.mayHave();
    } else if (event.author === self.id) return;
    else if (event.kind === "reacted") this.mayHave();
    else if (event.kind === "message") {
      const followed =
        event.thread === undefined ? undefined : await follows(event.room, event.thread, event.seq);
      const named = causeOf(event);
      const cause =
        named && named !== "here" ? named : followed && followed !== "nothing" ? "reply" : undefined;
      if (cause) this.#add(event, cause);
    }
  }

  #add(event: EventOf<"message">, cause: Cause): void {
    this.came(event.at);
    this.#missed = true;
    const causes = CAUSES[this.#filter];
    const entry = foldOf([event]).rows[0]?.entry;
    if (!this.loaded || !entry || (causes.length > 0 && !causes.includes(cause))) return;
    const item: Item = {
      cause,
      at: event.at,
      by: event.author,
      room: event.room,
      seq: event.seq,
      message: entry,
    };
    if (this.list.some((one) => keyOf(one) === keyOf(item))) return;
    this.list = [item, ...this.list];
    void this.#seen();
  }

  #drop(which: (item: Item) => boolean): void {
    // A page on its way may hold it still.
    this.#missed = true;
    if (this.list.some(which)) this.list = this.list.filter((item) => !which(item));
  }

  /** Puts before the list what came since, and what it says now of the rest. */
  async #latest(): Promise<void> {
    const turn = this.#turn;
    const look = ++this.#look;
    const page = await this.#first().catch(() => undefined);
    if (turn !== this.#turn || look !== this.#look || !page) return;
    // The first page is on its way still, and may be older than this one.
    if (!this.loaded) {
      this.#missed = true;
      return;
    }
    const last = page.activity.at(-1);
    const older = page.next && last ? this.list.filter((item) => item.at < last.at) : [];
    const known = new Set(page.activity.map(keyOf));
    this.list = [...page.activity, ...older.filter((item) => !known.has(keyOf(item)))];
    void this.#seen();
  }

  async #page(cursor: string | undefined): Promise<void> {
    const turn = this.#turn;
    this.#asking = true;
    try {
      const page = await (cursor ? this.#ask(CAUSES[this.#filter], cursor) : this.#first());
      if (turn !== this.#turn) return; // another filter meanwhile
      const known = new Set(cursor ? this.list.map(keyOf) : []);
      const news = page.activity.filter((item) => !known.has(keyOf(item)));
      this.list = cursor ? [...this.list, ...news] : news;
      this.#cursor = page.next;
      this.done = page.next === undefined;
      this.loaded = true;
      this.wrong = "";
      void this.#seen();
    } catch (error) {
      if (turn === this.#turn) this.wrong = reason(error);
    } finally {
      if (turn === this.#turn) this.#asking = false;
    }
  }

  /** The newest page, with all that came while it was asked for. */
  async #first(): Promise<Page> {
    for (let left = 3; ; left -= 1) {
      this.#missed = false;
      const page = await this.#ask(CAUSES[this.#filter], undefined);
      // Where much comes, it comes by itself as well.
      if (!this.#missed || left === 1) return page;
    }
  }

  #ask(causes: Cause[], cursor: string | undefined, limit = PAGE): Promise<Page> {
    return api.get<Page>("activity", { cause: causes.join(","), cursor, limit });
  }
}

export const keyOf = (item: Item): string => `${item.room}/${item.seq}/${item.by}/${item.emoji ?? ""}`;
export const messageOf = (item: Item): MessageEntry | undefined =>
  isMessage(item.message) ? item.message : undefined;

export const activity = new Activity();
