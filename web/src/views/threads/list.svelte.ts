// The list of the threads that I follow, kept up while it is on the screen. What is there stays where it is: what moves or is
// read meanwhile changes in its place, and what is new comes on top.
import { feed } from "../../state/feed.svelte";
import { reason } from "../../state/notices.svelte";
import { threads } from "../../state/threads.svelte";
import type { ServerFrame, ThreadView } from "../../wire/types";

const LOOK_AFTER = 300;
const MOST = 50;
const PAGE = 20;
const idOf = ({ room, root }: Pick<ThreadView, "room" | "root">) => `${room}/${root}`;

export class List {
  views = $state.raw<ThreadView[]>([]);
  next = $state.raw<string | undefined>();
  unread = $state(false);
  loading = $state(false);
  loaded = $state(false);
  wrong = $state("");
  #turn = 0;
  #soon: ReturnType<typeof setTimeout> | undefined;

  /** Follows what happens; answers how to stop. */
  follow(): () => void {
    void this.show(this.unread);
    const deaf = feed.hear((frame) => this.#heard(frame));
    return () => {
      deaf();
      clearTimeout(this.#soon);
      this.#turn += 1;
    };
  }

  /** From the start, all of them or the unread. */
  async show(unread: boolean): Promise<void> {
    if (unread !== this.unread) this.loaded = false;
    this.unread = unread;
    await this.#ask({ unread, limit: PAGE }, (found, next) => {
      this.views = found;
      this.next = next;
    });
  }

  async more(): Promise<void> {
    if (!this.next || this.loading) return;
    await this.#ask({ unread: this.unread, limit: PAGE, cursor: this.next }, (found, next) => {
      const held = new Set(this.views.map(idOf));
      this.views = [...this.views, ...found.filter((view) => !held.has(idOf(view)))];
      this.next = next;
    });
  }

  #heard(frame: ServerFrame): void {
    if (frame.t === "event" ? !this.#concerns(frame) : frame.t !== "thread" && frame.t !== "welcome") return;
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      void this.#renew();
    }, LOOK_AFTER);
  }

  #concerns(event: Extract<ServerFrame, { t: "event" }>): boolean {
    if (event.kind === "message") return event.thread !== undefined;
    if (!("target" in event)) return false;
    const { target, room } = event;
    return this.views.some(
      (view) =>
        view.room === room &&
        (view.root === target ||
          view.replies.some(({ seq }) => seq === target) ||
          ("thread" in event && view.root === event.thread)),
    );
  }

  async #renew(): Promise<void> {
    // The first page is on its way still, and would be dropped, with the way on from it.
    if (!this.loaded) return this.show(this.unread);
    const limit = Math.min(MOST, Math.max(PAGE, this.views.length));
    await this.#ask({ unread: false, limit }, (found) => {
      const fresh = new Map(found.map((view) => [idOf(view), view]));
      const held = new Set(this.views.map(idOf));
      const added = found.filter((view) => !held.has(idOf(view)) && (!this.unread || view.unread > 0));
      // What is older than the rest of a full list belongs to a page that is still to come.
      const last = this.next === undefined ? "" : (this.views.at(-1)?.at ?? "");
      this.views = [
        ...added.filter((view) => view.at > last),
        ...this.views.map((view) => fresh.get(idOf(view)) ?? view),
      ];
    });
  }

  async #ask(
    query: { unread: boolean; limit: number; cursor?: string },
    put: (found: ThreadView[], next?: string) => void,
  ): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    this.wrong = "";
    try {
      const { threads: found, next } = await threads.list(query);
      if (turn !== this.#turn) return;
      put(found, next);
      this.loaded = true;
    } catch (error) {
      if (turn === this.#turn) this.wrong = reason(error);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }
}
