// How far I have read, told to the server at most every three seconds a room. On the screen it counts at once.
//   reads.seen(room, seq)   everything up to `seq` was before my eyes
import type { RoomId, Seq } from "../wire/types";
import { live } from "./live.svelte";
import type { Room } from "./room.svelte";

const EVERY = 3000;

type Waiting = { room: Room; seq: Seq; version: number };

class Reads {
  #untold = new Map<RoomId, Waiting>();
  #pause = new Map<RoomId, ReturnType<typeof setTimeout>>();

  seen(room: Room, seq: Seq): void {
    if (!room.joined || room.keepUnread || seq <= room.counts.read) return;
    room.readTo(seq);
    this.#untold.set(room.id, { room, seq, version: room.counts.version });
    if (!this.#pause.has(room.id)) this.#tell(room.id);
  }

  /** The server turned out not to know how far I have read: it was asked too early, or lost its last second. */
  tellAgain(room: Room): void {
    if (this.#untold.has(room.id)) return;
    this.#untold.set(room.id, { room, seq: room.counts.read, version: room.counts.version });
    if (!this.#pause.has(room.id)) this.#tell(room.id);
  }

  /** After a break, and before the page goes away: what the server has not heard yet. */
  sendAgain(): void {
    for (const id of this.#untold.keys()) this.#tell(id);
  }

  clear(): void {
    for (const timer of this.#pause.values()) clearTimeout(timer);
    this.#pause.clear();
    this.#untold.clear();
  }

  #tell(id: RoomId): void {
    const waiting = this.#untold.get(id);
    if (!waiting) return;
    const { room, seq, version } = waiting;
    // "Mark as unread" came in between, here or elsewhere: an older move means nothing any more.
    if (version < room.counts.version) this.#untold.delete(id);
    else if (live.send({ t: "read", room: id, seq, version })) this.#untold.delete(id);
    clearTimeout(this.#pause.get(id));
    const again = () => {
      this.#pause.delete(id);
      if (live.line === "online") this.#tell(id);
    };
    this.#pause.set(id, setTimeout(again, EVERY));
  }
}

export const reads = new Reads();
