// The code that draws markup comes with the first message that has some, and before its page is drawn: as for files, see
// views/files/later.svelte.ts. Until then, or where it does not come, the plain text is shown.
import type { Component, Snippet } from "svelte";
import type { MessageEntry, Page } from "../../wire/types";

export type Props = {
  html: string;
  text: string;
  entry?: MessageEntry | undefined;
  end?: Snippet | undefined;
};

let View = $state.raw<Component<Props> | undefined>();
let asked: Promise<typeof import("./markup/kit")> | undefined;
/** A page waits no longer than this for what draws it. */
const PATIENCE = 1500;

export const markup = {
  /** What draws it; asks for it where it is not there yet. */
  get View() {
    // Not while something is drawn.
    if (!View && !asked) queueMicrotask(() => markup.load().catch(() => undefined));
    return View;
  },
  load() {
    asked ??= import("./markup/kit").then(
      (kit) => {
        View = kit.default;
        return kit;
      },
      (error) => {
        asked = undefined;
        throw error;
      },
    );
    return asked;
  },
  /** Before the rows of a page are drawn. */
  async prepare(messages: Page["messages"]): Promise<void> {
    const written = messages.flatMap((entry) => (entry.kind === "message" && entry.html) || []);
    if (written.length === 0) return;
    const late = new Promise<void>((go) => setTimeout(go, PATIENCE));
    await Promise.race([
      late,
      markup.load().then(
        (kit) => kit.prepare(written),
        () => undefined,
      ),
    ]);
  },
};
