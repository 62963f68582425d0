// My own reactions beside the fold: a message names at most twenty people for each, so whether I am among them is told
// apart.
//   reacted.shown(room, entry)   what stands below a message
//   reacted.learn(room, page)    from every page of messages · reacted.took(event): from the live line
import { SvelteMap } from "svelte/reactivity";
import type { Event, MessageEntry, Page, Reaction, RoomId, Seq } from "../wire/types";
import { isMessage } from "./fold";
import { self } from "./self.svelte";

export type Shown = Reaction & { mine: boolean };

/** Whether everybody is named. */
const isWhole = ({ count, users }: Reaction) => count <= users.length;
const keyOf = (room: RoomId, seq: Seq, emoji: string) => `${room}/${seq}/${emoji}`;

class Reacted {
  #mine = new SvelteMap<string, boolean>();
  /** Set by what sends reactions (views/room/react): what I have just pressed shows before the server has it. */
  wished = $state.raw<(room: RoomId, seq: Seq, all: Shown[]) => Shown[]>((_room, _seq, all) => all);

  shown(room: RoomId, { seq, reactions }: MessageEntry): Shown[] {
    const all = reactions.map((one) => ({
      ...one,
      mine: one.users.includes(self.id) || (!isWhole(one) && !!this.#mine.get(keyOf(room, seq, one.emoji))),
    }));
    return this.wished(room, seq, all);
  }

  learn(room: RoomId, { messages, reacted }: Pick<Page, "messages" | "reacted">): void {
    const told = new Map(reacted);
    for (const entry of messages)
      if (isMessage(entry))
        for (const one of entry.reactions)
          if (!isWhole(one))
            this.#mine.set(keyOf(room, entry.seq, one.emoji), !!told.get(entry.seq)?.includes(one.emoji));
  }

  took(event: Event): void {
    if (event.author === self.id && (event.kind === "reacted" || event.kind === "unreacted"))
      this.#mine.set(keyOf(event.room, event.target, event.emoji), event.kind === "reacted");
  }
}

export const reacted = new Reacted();
