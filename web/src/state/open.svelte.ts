// The open rooms of this server, whole: what `#name` is looked up in. The list is fetched without naming anything.
import type { Room as Info } from "../wire/types";
import { feed } from "./feed.svelte";
import { roomActs } from "./roomActs";

/** A community with more open rooms than this has links to the newest of them. */
const MOST_PAGES = 10;
/** A name that leads nowhere may be a room that is there by now. */
const AGAIN = 60_000;

class Open {
  list = $state.raw<Info[]>([]);
  #at = Number.NEGATIVE_INFINITY;
  #loading: Promise<void> | undefined;

  constructor() {
    // A room that I am in, or not any more, may be among them.
    feed.hear((frame) => {
      if (frame.t === "gone") this.#at = Number.NEGATIVE_INFINITY;
    });
  }

  /** Something was written that may be one of them. */
  wanted(): void {
    queueMicrotask(() => this.load().catch(() => undefined));
  }

  async load(): Promise<void> {
    if (!this.#loading && performance.now() - this.#at < AGAIN) return;
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    // Also where it fails: what is drawn asks each time.
    this.#at = performance.now();
    const found: Info[] = [];
    let cursor: string | undefined;
    for (let i = 0; i < MOST_PAGES; i += 1) {
      const page = await roomActs.browse(undefined, cursor);
      found.push(...page.rooms);
      cursor = page.next;
      if (!cursor) break;
    }
    this.list = found.filter((info) => !info.archived).sort((a, b) => a.id - b.id);
  }
}

export const open = new Open();
