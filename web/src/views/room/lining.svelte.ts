// Lines such as "Ana joined". Their code comes with the first page that has one, before that page is drawn.
import { Timeline } from "../../state/timeline.svelte";

class Lining {
  View = $state.raw<typeof import("./Lines.svelte").default | undefined>();

  load = async () => {
    const code = await import("./Lines.svelte");
    this.View = code.default;
    return code;
  };
}
export const lining = new Lining();

Timeline.needs(
  ({ messages }) =>
    messages.some((entry) => entry.kind !== "message") && lining.load().catch(() => undefined),
);
