// On a phone a long press on a message opens its menu; what is pressed inside of it has a meaning of its own.
import type { Attachment } from "svelte/attachments";
import { held } from "../../lib/held";
import type { On } from "./acts";

const touch = matchMedia("(pointer: coarse)");

export function hold({ entry, hand }: On): Attachment<HTMLElement> | undefined {
  if (!touch.matches) return undefined;
  return held((event) => {
    if (hand.chosen || (event.target as Element).closest("button, a, [role=checkbox]")) return;
    hand.open = { seq: entry.seq, what: "menu" };
  });
}
