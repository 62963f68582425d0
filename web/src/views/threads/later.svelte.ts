// The code that shows threads is no part of the first screen. It comes with the first page that has one, before that page
// is drawn: what stands below its message then stands there from the start, and nothing jumps.
import { Timeline } from "../../state/timeline.svelte";
import type { Entry } from "../../wire/types";

let kit = $state.raw<typeof import("./kit") | undefined>();

export const threading = {
  get kit() {
    // Not while something is drawn.
    if (!kit) queueMicrotask(() => threading.load().catch(() => undefined));
    return kit;
  },
  async load() {
    kit = await import("./kit");
    return kit;
  },
};

/** Whether a thread hangs below it, or it was said in one. */
export const hasThread = (entry: Entry): boolean =>
  entry.kind === "message" && (entry.replies ?? entry.thread ?? 0) > 0;

Timeline.needs(({ messages }) => messages.some(hasThread) && threading.load().catch(() => undefined));
