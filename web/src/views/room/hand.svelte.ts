// What is in hand in the open room: the message under change, the one that is asked about before it goes, and the way back
// to the composer.
import type { Seq } from "../../wire/types";

export class Hand {
  editing = $state<Seq | null>(null);
  deleting = $state<Seq | null>(null);
  /** Whose menu or whose emoji are open; `by` gets the focus back. */
  open = $state.raw<{ seq: Seq; what: "menu" | "emoji"; by?: HTMLElement } | null>(null);
  /** Puts the cursor into the composer; with a text, that text before what stands there. */
  compose: (text?: string) => void = () => undefined;

  edit(seq: Seq | null): void {
    this.editing = seq;
    if (seq === null) this.compose();
  }
}
