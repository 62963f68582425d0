// How many messages I have not read: a function of my cursor and the log, kept up event by event. One of these counts a
// room, or one thread of it, and every message counts in exactly one of them:
// in a room those after my cursor that are top-level or also-sent, in a thread the replies after my cursor there that were
// not also sent; never mine, never deleted. Mentions: those of them whose current text names me or @room. What I write
// moves my cursor where I wrote it; joining sets that of the room to the join.
import type { Event, Read, Seq, UserId } from "../wire/types";

/** The server stops counting here; it is shown as "999+". */
export const MANY = 1000;

/** `ask`: the event touches a message that we do not hold; only the server can tell now. */
export type Outcome = "same" | "changed" | "ask";

export class Unread {
  read: Seq = 0;
  version = 0;
  unread = 0;
  mentions = 0;
  /** The event as of which the counts are true. */
  head: Seq = 0;
  /** The unread messages that passed by here, and whether they call me. */
  #held = new Map<Seq, boolean>();

  /** `root`: of one thread. */
  constructor(
    private readonly me: UserId,
    private readonly root?: Seq,
  ) {}

  /** What the server counted at `head`. False: it had not heard yet how far I have read, and what is known here stays. */
  set(counts: Read, head: Seq): boolean {
    const { read, version, unread, mentions } = counts;
    if (version < this.version || (version === this.version && read < this.read)) return false;
    // Counted later than here: events that will not be looked at, so what is held is no longer the whole. Earlier: those
    // that come again now would be held against what they themselves had made of it.
    if (head !== this.head) this.#held.clear();
    Object.assign(this, { read, version, unread, mentions, head });
    this.#forgetRead();
    return true;
  }

  /** `elsewhere`: the message that the event is about is known not to be one of these. */
  take(event: Event, elsewhere = false): Outcome {
    if (event.seq <= this.head) return "same";
    this.head = event.seq;
    if (event.kind === "message") return this.#message(event);
    if (event.kind === "joined" && event.users.includes(this.me) && this.root === undefined)
      return this.#empty(event.seq);
    if (elsewhere || (event.kind !== "edited" && event.kind !== "deleted")) return "same";
    if (event.kind === "deleted" && this.root !== undefined && event.thread !== this.root) return "same";
    if (event.target <= this.read || this.unread === 0) return "same";
    const called = this.#held.get(event.target);
    if (called === undefined) return this.#mayCount(event) ? "ask" : "same";
    if (this.unread >= MANY) return "ask";
    if (event.kind === "deleted") {
      this.#held.delete(event.target);
      this.unread -= 1;
      this.mentions -= called ? 1 : 0;
      return "changed";
    }
    const calls = this.#calls(event);
    this.#held.set(event.target, calls);
    this.mentions += Number(calls) - Number(called);
    return calls === called ? "same" : "changed";
  }

  /** My cursor went forward to `seq`, here or on another device. `ask`: what is left cannot be counted from here. */
  moved(seq: Seq, newest: Seq): Outcome {
    if (seq <= this.read) return "same";
    const complete = this.#held.size === this.unread;
    this.read = seq;
    if (seq >= newest) return this.#empty(seq);
    this.#forgetRead();
    if (!complete) return "ask";
    this.unread = this.#held.size;
    this.mentions = [...this.#held.values()].filter(Boolean).length;
    return "changed";
  }

  #message(event: Extract<Event, { kind: "message" }>): Outcome {
    const { thread, also = false } = event;
    const inRoom = thread === undefined || also;
    const mine = event.author === this.me;
    if (mine && (this.root === undefined ? inRoom : thread === this.root)) return this.#empty(event.seq);
    const counts = this.root === undefined ? inRoom : thread === this.root && !also;
    if (mine || !counts || event.erased || event.seq <= this.read) return "same";
    const calls = this.#calls(event);
    this.unread = Math.min(MANY, this.unread + 1);
    this.mentions = Math.min(MANY, this.mentions + Number(calls));
    this.#held.set(event.seq, calls);
    // A room that nobody opens for months must not fill the memory; without them we ask.
    if (this.#held.size > 2 * MANY) this.#held.clear();
    return "changed";
  }

  #calls(words: { mentions?: UserId[]; everyone?: boolean }): boolean {
    return words.everyone === true || (words.mentions ?? []).includes(this.me);
  }

  /** My own messages do not count, and a person edits and deletes their own; only others' can change a count. */
  #mayCount(event: Extract<Event, { kind: "edited" | "deleted" }>): boolean {
    return event.kind === "deleted" || event.author !== this.me;
  }

  #empty(seq: Seq): Outcome {
    this.read = Math.max(this.read, seq);
    this.unread = this.mentions = 0;
    this.#held.clear();
    return "changed";
  }

  #forgetRead(): void {
    for (const seq of this.#held.keys()) if (seq <= this.read) this.#held.delete(seq);
  }
}
