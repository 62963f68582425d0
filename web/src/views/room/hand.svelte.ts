// What is in hand in the open room: the message that is asked about before it goes, those that are selected, and the way
// back to the composer. What is under change stays with the room: edits.svelte.ts.
import type { Room } from "../../state/room.svelte";
import type { Thread } from "../../state/thread.svelte";
import type { Seq } from "../../wire/types";

export class Hand {
  /** The messages whose threads are unfolded below them. */
  unfolded = $state.raw<ReadonlySet<Seq>>(new Set());
  deleting = $state<Seq | null>(null);
  /** Whose menu or whose emoji are open; `by` gets the focus back. */
  open = $state.raw<{ seq: Seq; what: "menu" | "emoji"; by?: HTMLElement } | null>(null);
  /** Those that are selected; null: nobody selects. */
  chosen = $state.raw<ReadonlySet<Seq> | null>(null);
  /** Puts the cursor into the composer; with a text, that text before what stands there, and what that answers. */
  compose: (text?: string, quote?: Seq) => void = () => undefined;

  /** The message whose unfolded thread gets the cursor. */
  replying: Seq | null = null;
  /** Keeps what is read where it is, when something grows below it. */
  hold: () => void = () => undefined;

  /** `desk`: the room, or the thread of it, that it is in hand in. */
  constructor(readonly desk: Room | Thread) {}

  unfold(root: Seq, open = !this.unfolded.has(root)): void {
    this.hold();
    const unfolded = new Set(this.unfolded);
    if (open) unfolded.add(root);
    else unfolded.delete(root);
    this.unfolded = unfolded;
  }
}
