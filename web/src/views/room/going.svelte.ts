// Messages that I have deleted and may still have back: gone on the screen, and for the server in five seconds; at once when
// the page is hidden or left, which is when nobody could take it back any more.
//   going.delete(room, seqs)    several at once come back at once
//   going.at(room, seq)         what it goes with, or undefined; reactive
//   going.undo(it)
import { SvelteMap } from "svelte/reactivity";
import { feed } from "../../state/feed.svelte";
import { notices } from "../../state/notices.svelte";
import { ApiError, address, api } from "../../wire/api";
import type { RoomId, Seq } from "../../wire/types";

export const UNDO = 5000;
/** From the answer to the event; what came by neither is shown again. */
const ARRIVES = 10_000;

export type Going = {
  room: RoomId;
  seqs: readonly Seq[];
  /** It can be taken back no more. */
  told: boolean;
};

const keyOf = (room: RoomId, seq: Seq) => `${room}/${seq}`;
const pathOf = (room: RoomId, seq: Seq) => `rooms/${room}/messages/${seq}`;

class Goings {
  #by = new SvelteMap<string, Going>();
  #timers = new Map<Going, ReturnType<typeof setTimeout>>();

  at(room: RoomId, seq: Seq): Going | undefined {
    return this.#by.get(keyOf(room, seq));
  }

  delete(room: RoomId, seqs: readonly Seq[]): void {
    const it: Going = { room, seqs, told: false };
    for (const seq of seqs) this.#by.set(keyOf(room, seq), it);
    this.#timers.set(
      it,
      setTimeout(() => void this.#tell(it), UNDO),
    );
  }

  undo(it: Going): void {
    clearTimeout(this.#timers.get(it));
    if (this.#timers.delete(it)) this.#back(it, it.seqs);
  }

  /** The last of those that can be taken back. */
  undoLast(): boolean {
    const it = [...this.#timers.keys()].at(-1);
    if (it) this.undo(it);
    return it !== undefined;
  }

  /** The page is hidden or left: a request that outlives it. Resolves when all is told. */
  async flush(): Promise<void> {
    const told: Promise<unknown>[] = [];
    for (const [it, timer] of this.#timers) {
      clearTimeout(timer);
      const gone = this.#told(it);
      for (const seq of it.seqs) {
        const request: RequestInit = {
          method: "DELETE",
          keepalive: true,
          credentials: "same-origin",
          headers: { "content-type": "application/json" },
          body: "{}",
        };
        told.push(
          fetch(address(pathOf(it.room, seq)), request).then(
            (answer) => !answer.ok && answer.status !== 404 && this.#back(gone, [seq]),
            () => this.#back(gone, [seq]),
          ),
        );
      }
    }
    this.#timers.clear();
    await Promise.all(told);
  }

  async #tell(it: Going): Promise<void> {
    this.#timers.delete(it);
    const told = this.#told(it);
    for (const seq of it.seqs) {
      try {
        await api.delete(pathOf(it.room, seq));
      } catch (error) {
        if (error instanceof ApiError && error.code === "not_found") continue;
        this.#back(told, [seq]);
        // My session has ended, which is told at the door.
        if (!(error instanceof ApiError && error.code === "unauthenticated")) notices.wrong(error);
      }
    }
  }

  /** The same, without a way back. */
  #told(it: Going): Going {
    const told = { ...it, told: true };
    for (const seq of it.seqs) this.#by.set(keyOf(it.room, seq), told);
    setTimeout(() => this.#back(told, told.seqs), ARRIVES);
    return told;
  }

  #back(it: Going, seqs: readonly Seq[]): void {
    for (const seq of seqs) {
      const key = keyOf(it.room, seq);
      if (this.#by.get(key) === it) this.#by.delete(key);
    }
  }
}

export const going = new Goings();

feed.beforeLeaving = () => going.flush();
addEventListener("pagehide", () => void going.flush());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") void going.flush();
});
// As in any field of text; there it is the field's own.
addEventListener("keydown", (event) => {
  const written = (event.target as Element).closest("input, textarea, [contenteditable]");
  if (written || event.key.toLowerCase() !== "z" || event.shiftKey || !(event.ctrlKey || event.metaKey))
    return;
  if (going.undoLast()) event.preventDefault();
});
