// A panel beside the conversation leaves the focus and the browser's way back alone. Where it lies over the conversation it takes
// the focus, the way back closes it, and it goes when one opens another room.
import { untrack } from "svelte";
import { step } from "../../lib/back.svelte";
import { rooms } from "../../state/rooms.svelte";
import { ui } from "../../state/ui.svelte";

const narrow = matchMedia("(max-width: 68rem)");

/** Attached to its heading. */
export function over(heading: HTMLElement): () => void {
  const before = document.activeElement;
  let done: (() => void) | undefined;
  if (narrow.matches) {
    const writes = untrack(() => ui.panel === "thread" && ui.thread?.reply);
    if (!writes) heading.focus();
    done = step(() => {
      ui.panel = null;
    });
  }
  return () => {
    done?.();
    // gone, it gives the focus back
    queueMicrotask(() => {
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    });
  };
}

let room = rooms.openId;
$effect.root(() => {
  $effect(() => {
    if (rooms.openId === room) return;
    room = rooms.openId;
    untrack(() => {
      const its = ui.panel === "thread" && ui.thread?.room === room;
      if (narrow.matches && !its) ui.panel = null;
    });
  });
});
