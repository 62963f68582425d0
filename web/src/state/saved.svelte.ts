// What I have put aside, and am not done with: for the marks at messages. All of it at once, and only where somebody looks.
//   saved.has(room, seq)                  reactive
//   saved.save, .done, .remove            at once here; they throw where the server refuses, and all is as it was
// The list of a screen is `SavedList`.
import { SvelteMap } from "svelte/reactivity";
import { api } from "../wire/api";
import type { Entry, Saved as Info, RoomId, Seq, ServerFrame } from "../wire/types";
import { after } from "./after";
import { feed } from "./feed.svelte";
import { fresh } from "./fresh";
import { InTurn } from "./inTurn";
import { reason } from "./notices.svelte";
import { self } from "./self.svelte";

type Page = { saved: Info[]; next?: string };
const MANY = 100;
const PAGE = 30;

type Place = { room: RoomId; seq: Seq };
export const keyOf = ({ room, seq }: Place): string => `${room}/${seq}`;
const pathOf = (room: RoomId, seq: Seq) => `saved/${room}/${seq}`;

class Saved {
  #keys = new SvelteMap<string, true>();
  #changes = new InTurn<string, boolean>((key, to) => this.#set(key, to));
  #asked = false;
  #me = self.id;

  has(room: RoomId, seq: Seq): boolean {
    return this.#keys.has(keyOf({ room, seq }));
  }

  /** Once, when the page has nothing better to do; after that the line tells. */
  async load(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    feed.hear((frame) => this.take(frame));
    await this.#load().catch(() => undefined);
  }

  async #load(): Promise<void> {
    const keys = await fresh(
      async () => {
        const keys = new Set<string>();
        let cursor: string | undefined;
        do {
          const page = await api.get<Page>("saved", { done: false, limit: MANY, cursor });
          for (const one of page.saved) keys.add(keyOf(one));
          cursor = page.next;
        } while (cursor);
        return keys;
      },
      (frame) => frame.t === "saved",
    );
    for (const key of [...this.#keys.keys()]) if (!keys.has(key)) this.#keys.delete(key);
    for (const key of keys) this.#keys.set(key, true);
  }

  take(frame: ServerFrame): void {
    if (frame.t === "saved") {
      const is = frame.at !== undefined && frame.done_at === undefined;
      this.#changes.confirmed(keyOf(frame), is);
      this.#set(keyOf(frame), is);
    } else if (frame.t === "welcome") {
      // Whoever signs in after me must not see what was mine.
      if (this.#me !== frame.me.id) this.#keys.clear();
      this.#me = frame.me.id;
      // The line was gone for a while.
      this.#load().catch(() => undefined);
    }
  }

  save(room: RoomId, seq: Seq): Promise<void> {
    return this.#change({ room, seq }, true, () => api.put(pathOf(room, seq), { done: false }));
  }
  done(room: RoomId, seq: Seq, done: boolean): Promise<void> {
    return this.#change({ room, seq }, !done, () => api.put(pathOf(room, seq), { done }));
  }
  remove(room: RoomId, seq: Seq): Promise<void> {
    return this.#change({ room, seq }, false, () => api.delete(pathOf(room, seq)));
  }

  #change(one: Place, to: boolean, tell: () => Promise<void>): Promise<void> {
    const key = keyOf(one);
    return this.#changes.change(key, this.#keys.has(key), to, tell);
  }

  #set(key: string, to: boolean): void {
    if (to) this.#keys.set(key, true);
    else this.#keys.delete(key);
  }
}

export const saved = new Saved();

/** One of the two lists: what is to do, or what is done; newest first, page by page. */
export class SavedList {
  list = $state.raw<Info[]>([]);
  loaded = $state(false);
  all = $state(false);
  wrong = $state("");
  #cursor: string | undefined;
  #turn = 0;
  #busy = false;

  constructor(readonly done: boolean) {}

  async load(): Promise<void> {
    this.#turn += 1;
    this.#busy = false;
    await this.#page(undefined);
  }
  async more(): Promise<void> {
    if (this.loaded && !this.all && !this.#busy && !this.wrong) await this.#page(this.#cursor);
  }
  again(): Promise<void> {
    return this.#page(this.loaded ? this.#cursor : undefined);
  }

  take(frame: ServerFrame): void {
    if (frame.t === "saved") {
      const belongs = frame.at !== undefined && (frame.done_at !== undefined) === this.done;
      if (!belongs) this.list = this.list.filter((one) => keyOf(one) !== keyOf(frame));
      else if (!this.list.some((one) => keyOf(one) === keyOf(frame))) void this.load();
    } else if (frame.t === "welcome" || frame.t === "reset" || frame.t === "gone") void this.load();
    else if (frame.t === "event" && "target" in frame) {
      const it = this.list.find((one) => keyOf(one) === keyOf({ room: frame.room, seq: frame.target }));
      if (!it?.message) return;
      const message: Entry = after(it.message, frame);
      this.list = this.list.map((one) => (one === it ? { ...one, message } : one));
    }
  }

  async #page(cursor: string | undefined): Promise<void> {
    const turn = this.#turn;
    this.#busy = true;
    try {
      const page = await fresh(
        () => api.get<Page>("saved", { done: this.done, limit: PAGE, cursor }),
        (frame) =>
          frame.t === "saved" ||
          (frame.t === "event" && (frame.kind === "edited" || frame.kind === "deleted")),
      );
      if (turn !== this.#turn) return;
      const known = new Set(cursor ? this.list.map(keyOf) : []);
      const news = page.saved.filter((one) => !known.has(keyOf(one)));
      this.list = cursor ? [...this.list, ...news] : news;
      this.#cursor = page.next;
      this.all = page.next === undefined;
      this.loaded = true;
      this.wrong = "";
    } catch (error) {
      if (turn === this.#turn) this.wrong = reason(error);
    } finally {
      if (turn === this.#turn) this.#busy = false;
    }
  }
}
