// What draws the rows that not every room has. Its code comes with the first page with such a row, before that page is drawn.
import { Timeline } from "../../state/timeline.svelte";
import type { Entry } from "../../wire/types";

class Late<View> {
  View = $state.raw<View | undefined>();

  constructor(
    private readonly code: () => Promise<{ default: View }>,
    draws: (entry: Entry) => boolean,
  ) {
    Timeline.needs(({ messages }) => messages.some(draws) && this.load().catch(() => undefined));
  }

  load = async () => {
    const code = await this.code();
    this.View = code.default;
    return code;
  };
}

/** Lines such as "Ana joined". */
export const lining = new Late(
  () => import("./Lines.svelte"),
  (entry) => entry.kind !== "message",
);

/** Whether a text may be higher than one wants to scroll past: its length and lines tell enough to look closer. */
export const isLong = (text: string): boolean => text.length > 1200 || text.split("\n", 20).length > 19;
export const folding = new Late(
  () => import("./Fold.svelte"),
  (entry) => entry.kind === "message" && isLong(entry.text),
);
