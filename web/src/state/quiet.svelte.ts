// When I am not to be disturbed: what I wish (`me.quiet`), and whether that is now. The server says the same to others; here it is reckoned
// once more, so that a page without a line keeps quiet too.
//   quiet.end              while it is quiet: when that is over (FOREVER: when I say so)
//   quiet.snoozed          whether I asked for it, as against hours of mine
//   quiet.save(change)     throws · quiet.snooze(until) · quiet.wake()
import { clock } from "../lib/clock.svelte";
import { type Away, FOREVER, quietAt } from "../lib/quiet";
import { api } from "../wire/api";
import type { FrameOf, Me, Quiet, ServerFrame, Time } from "../wire/types";
import { feed } from "./feed.svelte";
import { fresh } from "./fresh";
import { rooms } from "./rooms.svelte";
import { self } from "./self.svelte";
import { settings } from "./settings.svelte";

const MINUTE = 60_000;
const SETTLED = 1500;

class MyQuiet {
  readonly wish: Quiet = $derived(self.me?.quiet ?? { zone: "", days: [], keywords: [] });
  readonly away: Away | undefined = $derived(quietAt(this.wish, new Date(clock.now)));
  /** While changes of mine are under way: what the server has confirmed last. */
  #so = this.wish;
  #turn = 0;
  #still: ReturnType<typeof setTimeout> | undefined;
  #late: FrameOf<"quiet"> | undefined;
  #sent: Promise<unknown> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Called once, when the page has nothing else to do. */
  start(): void {
    clock.tick();
    $effect.root(() => {
      $effect(() => {
        void clock.now;
        // Something of mine begins or ends by itself.
        const turns =
          this.wish.until || this.wish.days.some(Boolean) || rooms.list.some((room) => room.muted);
        clearTimeout(this.#timer);
        if (turns) this.#timer = setTimeout(() => clock.tick(), MINUTE - (Date.now() % MINUTE) + 20);
      });
      $effect(() => {
        const dnd = this.away !== undefined;
        if (self.me && self.me.dnd !== dnd) feed.setMe({ ...self.me, dnd });
      });
      $effect(() => {
        if (self.me && settings.dnd) void this.#moved();
      });
    });
    // What my other devices change of mine.
    feed.hear((frame) => {
      if (frame.t === "quiet") this.#told(frame);
      else if (frame.t === "activity") mine({ activity_seen: frame.seen });
      else if (frame.t === "settings") {
        mine({ settings: frame.settings });
        settings.fromAccount(frame);
      }
    });
    // And what they changed before this listened.
    const me = self.me?.id;
    const told = new Set<ServerFrame["t"]>(["quiet", "activity", "settings"]);
    fresh(
      () => api.get<Me>("me"),
      ({ t }) => told.has(t),
    ).then(
      ({ quiet, dnd, activity_seen, settings: all }) => {
        if (self.me?.id !== me || this.#still !== undefined) return;
        mine({ quiet, dnd, activity_seen, settings: all });
        settings.fromAccount({ settings: all });
      },
      () => undefined,
    );
    // A machine that slept.
    document.addEventListener("visibilitychange", () => clock.tick());
  }

  /** At once here; what the server refuses is taken back. */
  async save(change: Partial<Quiet>): Promise<void> {
    const me = self.me;
    if (!me) return;
    if (this.#still === undefined) this.#so = this.wish;
    const turn = ++this.#turn;
    clock.tick();
    mine({ quiet: { ...this.wish, ...change } });
    this.#busy();
    // One after the other, each with all that is wished by then: the last one stays.
    const sent = this.#sent.then(() => api.put<Quiet>("me/quiet", this.wish));
    this.#sent = sent.catch(() => undefined);
    try {
      this.#so = await sent;
    } finally {
      if (turn === this.#turn && self.me?.id === me.id) mine({ quiet: this.#so });
    }
  }

  /** What the line tells of my own changes comes late: while more of them are under way it would take them back. */
  #told(frame: FrameOf<"quiet">): void {
    if (this.#still === undefined) mine({ quiet: frame.quiet, dnd: frame.dnd });
    else this.#late = frame;
  }
  #busy(): void {
    clearTimeout(this.#still);
    this.#still = setTimeout(async () => {
      const turn = this.#turn;
      await this.#sent;
      if (turn !== this.#turn) return;
      this.#still = undefined;
      const late = this.#late;
      this.#late = undefined;
      if (late) this.#told(late);
    }, SETTLED);
  }

  snooze(until: Time): Promise<void> {
    return this.save({ until });
  }
  wake(): Promise<void> {
    const { until: _, ...wish } = this.wish;
    return this.save({ ...wish, until: undefined } as Partial<Quiet>);
  }

  /** "Do not disturb" was a switch among the settings, which nobody else saw: it is the same wish, without an end. */
  async #moved(): Promise<void> {
    const saved = this.wish.until
      ? true
      : await this.snooze(FOREVER).then(
          () => true,
          () => false,
        );
    if (saved) await settings.set({ dnd: false });
  }
}

function mine(change: Partial<Me>): void {
  if (self.me) self.me = { ...self.me, ...change };
}

export const quiet = new MyQuiet();
