// The code that shows threads is no part of the first screen. It comes with the first page that has one, before that page
// is drawn: what stands below its message then stands there from the start, and nothing jumps.
import { Timeline } from "../../state/timeline.svelte";

let kit = $state.raw<typeof import("./kit") | undefined>();

export const threading = {
  get kit() {
    return kit;
  },
  async load() {
    kit = await import("./kit");
    return kit;
  },
};

Timeline.needs(
  ({ messages }) =>
    messages.some((entry) => entry.kind === "message" && (entry.replies || entry.thread)) &&
    threading.load().catch(() => undefined),
);
