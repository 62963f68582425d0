// My tabs among each other: who of them is before the eyes, and on which room. The leading tab alone makes sounds, and keeps
// quiet about what another one shows.
import { lead } from "../lib/tabs";
import { uuid7 } from "../lib/uuid";
import type { RoomId } from "../wire/types";

type Sight = { visible: boolean; room: RoomId | null };
type Word = { tab: string; sight: Sight | null; ask?: boolean };

export class Tabs {
  leads = false;
  /** Until then nobody knows whether this one leads. */
  readonly known: Promise<void>;
  #me = uuid7();
  #others = new Map<string, Sight>();
  #mine: Sight = { visible: false, room: null };
  #channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("parlour:sight") : undefined;

  constructor() {
    if (this.#channel) this.#channel.onmessage = ({ data }: MessageEvent<Word>) => this.#hear(data);
    this.known = lead(() => {
      this.leads = true;
      this.#channel?.postMessage({ tab: this.#me, sight: this.#mine, ask: true } satisfies Word);
    });
    addEventListener("pagehide", () => this.#say(null));
  }

  sees(sight: Sight): void {
    if (sight.visible === this.#mine.visible && sight.room === this.#mine.room) return;
    this.#mine = sight;
    this.#say(sight);
  }

  /** Whether some tab has this room before the eyes. */
  seen(room: RoomId): boolean {
    return this.#all().some((sight) => sight.visible && sight.room === room);
  }
  /** Whether any tab is before the eyes. */
  get visible(): boolean {
    return this.#all().some((sight) => sight.visible);
  }

  #all(): Sight[] {
    return [this.#mine, ...this.#others.values()];
  }
  #say(sight: Sight | null): void {
    this.#channel?.postMessage({ tab: this.#me, sight } satisfies Word);
  }
  #hear({ tab, sight, ask }: Word): void {
    if (sight) this.#others.set(tab, sight);
    else this.#others.delete(tab);
    if (ask) this.#say(this.#mine);
  }
}
