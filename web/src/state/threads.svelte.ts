// The threads that I follow, and those that are on the screen. It comes after the first paint: `following.load()`.
//   threads.of(room, root)     that thread; made where it is not known yet
//   threads.known(room, root)  the same, or undefined; reactive
//   threads.followed           all that I follow
//   threads.unread, .lit       how many of them have something unread, whether one calls for a light
//   threads.calls              what calls me in them: mentions, and in direct rooms each reply
//   threads.list(query)        those that I follow as a list shows them, by the newest reply
import { SvelteMap } from "svelte/reactivity";
import { api } from "../wire/api";
import type { Thread as Info, Page, Read, RoomId, Seq, ServerFrame, ThreadView } from "../wire/types";
import { feed } from "./feed.svelte";
import { Room } from "./room.svelte";
import { rooms } from "./rooms.svelte";
import { Thread } from "./thread.svelte";

export type PlacesPage = { heads: [RoomId, Seq][]; places: Info[] };
export type ThreadsPage = { threads: ThreadView[]; next?: string };

/** How far I have read is told at most so often a thread. */
const EVERY = 3000;
const ASK_AFTER = 600;
/** More than this are asked for together. */
const FEW = 3;

export class Threads {
  #all = new SvelteMap<string, Thread>();
  #in = new Map<RoomId, Set<Thread>>();
  #asked = new Set<Thread>();
  #asking: ReturnType<typeof setTimeout> | undefined;
  #loading: Promise<void> | undefined;
  #untold = new Set<Thread>();
  #pause = new Map<Thread, ReturnType<typeof setTimeout>>();
  #hears: (() => void) | undefined;
  /** All places are known. */
  loaded = $state(false);

  followed = $derived([...this.#all.values()].filter((thread) => thread.following));
  #quiet = (thread: Thread) => thread.level === "nothing" || thread.room.level === "nothing";
  unread = $derived(this.followed.filter((thread) => thread.unread > 0).length);
  mentions = $derived(this.followed.reduce((sum, thread) => sum + thread.mentions, 0));
  lit = $derived(this.followed.some((thread) => thread.lit && !this.#quiet(thread)));
  calls = $derived(
    this.followed
      .filter((thread) => !this.#quiet(thread))
      .reduce(
        (sum, { room, level, unread, mentions }) =>
          sum + (room.direct && room.level === "all" && level === "all" ? unread : mentions),
        0,
      ),
  );

  /** Once for each who signs in; said again, it changes nothing. */
  async start(): Promise<void> {
    if (!this.#hears) {
      Room.below = (room, event) => this.#heard(room, event);
      this.#hears = feed.hear((frame) => this.#frame(frame));
    }
    if (!this.loaded) await this.load();
  }

  stop(): void {
    this.#hears?.();
    this.#hears = undefined;
    Room.below = () => undefined;
    for (const timer of this.#pause.values()) clearTimeout(timer);
    clearTimeout(this.#asking);
    this.#asking = undefined;
    for (const set of [this.#all, this.#in, this.#asked, this.#untold, this.#pause]) set.clear();
    this.loaded = false;
  }

  known(room: RoomId, root: Seq): Thread | undefined {
    return this.#all.get(`${room}/${root}`);
  }

  of(room: Room, root: Seq): Thread {
    const known = this.known(room.id, root);
    if (known?.room === room) return known;
    const made = new Thread(room, root, { ask: (it) => this.ask(it), read: (it) => this.#read(it) });
    if (known) this.#in.get(room.id)?.delete(known);
    this.#all.set(made.id, made);
    const others = this.#in.get(room.id);
    if (others) others.add(made);
    else this.#in.set(room.id, new Set([made]));
    return made;
  }

  /** Where I am in all that I follow, anew: at the start, and where the line was gone for a while. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  list(query: { unread?: boolean; cursor?: string | undefined; limit?: number }): Promise<ThreadsPage> {
    return api.get("threads", query);
  }

  /** Only the server can tell now; several reasons within a moment are one question. */
  ask(thread: Thread): void {
    this.#asked.add(thread);
    this.#asking ??= setTimeout(() => this.#ask(), ASK_AFTER * (1 + Math.random()));
  }

  /** Before the page goes away: what the server has not heard yet. */
  async tellNow(): Promise<void> {
    await Promise.all([...this.#untold].map((thread) => this.#tell(thread)));
  }

  async #load(): Promise<void> {
    const before = new Map([...this.#all.values()].map((thread) => [thread, thread.heard]));
    const { heads, places } = await api.get<PlacesPage>("threads/places");
    const headOf = new Map(heads);
    const followed = new Set<Thread>();
    for (const place of places) {
      const room = rooms.get(place.room);
      if (!room) continue;
      const thread = this.of(room, place.root);
      followed.add(thread);
      if ((before.get(thread) ?? 0) !== thread.heard) this.ask(thread);
      else thread.learn(place, headOf.get(place.room) ?? room.head);
    }
    // What is not among them is not followed any more: let go elsewhere while the line was gone.
    for (const thread of this.followed) if (!followed.has(thread)) this.ask(thread);
    this.loaded = true;
  }

  async #ask(): Promise<void> {
    const asked = [...this.#asked];
    this.#asked.clear();
    this.#asking = undefined;
    const alone = asked.filter((thread) => asked.length <= FEW || !thread.following);
    if (alone.length < asked.length) await this.load().catch(() => undefined);
    for (const thread of alone.slice(0, 2 * FEW)) {
      const { heard } = thread;
      const page = await api.get<Page>(thread.pages, { limit: 1 }).catch(() => undefined);
      if (page?.thread && heard === thread.heard) thread.learn(page.thread, page.head);
      else if (page) this.ask(thread);
    }
  }

  #heard(room: Room, event: Parameters<typeof Room.below>[1]): void {
    for (const thread of this.#in.get(room.id) ?? []) {
      if (event === "reset") thread.reset(room.head);
      else thread.take(event);
    }
  }

  #frame(frame: ServerFrame): void {
    if (frame.t === "thread") {
      const room = rooms.get(frame.room);
      if (room) this.of(room, frame.root).learn(frame, frame.head, false);
    } else if (frame.t === "gone") this.#forget(frame.room);
    else if (frame.t === "welcome") {
      // What is under way was asked before: what was told meanwhile on no line may be missing in it.
      const before = this.#loading?.catch(() => undefined) ?? Promise.resolve();
      before.then(() => this.load()).catch(() => undefined);
      void this.tellNow();
    }
  }

  #forget(room: RoomId): void {
    for (const thread of this.#in.get(room) ?? []) {
      this.#all.delete(thread.id);
      this.#untold.delete(thread);
    }
    this.#in.delete(room);
  }

  #read(thread: Thread): void {
    this.#untold.add(thread);
    if (!this.#pause.has(thread)) void this.#tell(thread);
  }

  async #tell(thread: Thread): Promise<void> {
    const { read: seq, version } = thread.counts;
    this.#untold.delete(thread);
    clearTimeout(this.#pause.get(thread));
    const again = () => {
      this.#pause.delete(thread);
      if (this.#untold.has(thread)) void this.#tell(thread);
    };
    this.#pause.set(thread, setTimeout(again, EVERY));
    try {
      thread.moved(await api.put<Read>(`${thread.pages}/read`, { seq, version }));
    } catch {
      // With the next move, or when the line is back.
      this.#untold.add(thread);
    }
  }
}

export const threads = new Threads();
