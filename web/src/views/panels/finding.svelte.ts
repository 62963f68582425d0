// What is looked for among the files, what was found, and how far one has scrolled in it. Of all rooms together it stays as one left
// it, for as long as the page lives: from the message that a file leads to one comes back to the same place.
import { feed } from "../../state/feed.svelte";
import { Files } from "../../state/files.svelte";
import type { RoomId } from "../../wire/types";
import { type Wish, wished } from "./files";

/** As one types; a press answers at once. */
const SOON = 150;

export class Finding {
  readonly files: Files;
  wish = $state.raw<Wish>({});
  top = 0;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #stop: (() => void) | undefined;

  constructor(private readonly room?: RoomId) {
    this.files = new Files(room);
    void this.files.find({});
  }

  look(wish: Wish): void {
    const typed = wish.q !== this.wish.q;
    this.wish = wish;
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.files.find(wished(wish)), typed ? SOON : 0);
  }

  /** It comes on the screen; answers how it goes. */
  show(): () => void {
    this.#stop ??= feed.hear((frame) => this.files.take(frame));
    if (this.top === 0) this.files.top();
    return () => {
      // What is new waits until one is back.
      this.files.still = true;
      if (this.room === undefined) return;
      clearTimeout(this.#soon);
      this.#stop?.();
      this.files.close();
    };
  }
}

let all: Finding | undefined;

export function finding(room?: RoomId): Finding {
  if (room !== undefined) return new Finding(room);
  all ??= new Finding();
  return all;
}
