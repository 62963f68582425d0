// What is written of the messages under change. It stays as long as the page does, whatever becomes of the row that it is
// written in and of the room around it; saving ends it, and so does cancelling.
//   edits.begin(hand, seq)   a message comes in change, with what was written of it before, and has the cursor
//   edits.of(room, entry)    what is written of it
//   edits.end(hand, entry)   what was written is saved, or not wanted
import type { Room } from "../../state/room.svelte";
import type { MessageEntry, RoomId, Seq } from "../../wire/types";
import { Fields } from "../fields.svelte";
import type { Hand } from "./hand.svelte";

/** Where a row stands that is led back to, below the top of the log. */
const BELOW_TOP = 120;

class Edit {
  /** As it stands. */
  entry: MessageEntry;
  readonly fields: Fields<{ text: string }>;

  constructor(entry: MessageEntry) {
    this.entry = $state.raw(entry);
    this.fields = new Fields(() => ({ text: this.entry.text }));
  }
}

class Edits {
  /** Whose message in change is to have the cursor. */
  wanted = $state.raw<Hand | null>(null);
  #all = new Map<string, Edit>();

  of(room: Room, entry: MessageEntry): Edit {
    const key = keyOf(room.id, entry.seq);
    const edit = this.#all.get(key) ?? new Edit(entry);
    this.#all.set(key, edit);
    return edit;
  }

  begin(hand: Hand, seq: Seq): void {
    hand.desk.editing = seq;
    this.wanted = hand;
  }

  /** The same from anywhere in the log, where its row may not be any more. */
  back(hand: Hand, seq: Seq): void {
    const { timeline } = hand.desk;
    this.begin(hand, seq);
    if (!timeline.row(seq)) void timeline.around(seq, { offset: BELOW_TOP });
  }

  end(hand: Hand, seq: Seq): void {
    const { desk } = hand;
    this.#all.delete(keyOf(desk.in, seq));
    // It may be another one by now, or one is elsewhere.
    if (desk.editing !== seq) return;
    desk.editing = null;
    hand.compose();
  }
}

const keyOf = (room: RoomId, seq: Seq) => `${room}/${seq}`;

export const edits = new Edits();
