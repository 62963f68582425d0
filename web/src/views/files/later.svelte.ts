// The code that shows files and links is no part of the first screen. It comes with the first page of a room that needs it,
// and before that page is drawn: every picture then stands at its size from the start, and nothing jumps.
import type { Component } from "svelte";
import type { ShownFile } from "../../lib/files";
import type { Room } from "../../state/room.svelte";
import { Timeline } from "../../state/timeline.svelte";
import type { Entry, MessageEntry } from "../../wire/types";

export type Props = { files: ShownFile[]; room: Room; entry?: MessageEntry | undefined };

class Showing {
  View = $state.raw<Component<Props> | undefined>();
  failed = $state(false);
  #asked: Promise<((entries: Entry[]) => Promise<void>) | undefined> | undefined;

  load() {
    this.failed = false;
    this.#asked ??= Promise.all([import("./Attachments.svelte"), import("./quotes.svelte")]).then(
      ([code, { prepare }]) => {
        this.View = code.default;
        return prepare;
      },
      () => {
        this.failed = true;
        this.#asked = undefined;
        return undefined;
      },
    );
    return this.#asked;
  }
}
export const showing = new Showing();

const OURS = `${location.origin}/r/`;

/** Whether there is something below the words of a message. */
export function hasBelow(text: string, files: readonly unknown[], entry: MessageEntry | undefined): boolean {
  return files.length > 0 || entry?.previews !== undefined || text.includes(OURS);
}

Timeline.before = async ({ messages }) => {
  if (!messages.some((entry) => entry.kind === "message" && hasBelow(entry.text, entry.files, entry))) return;
  await (await showing.load())?.(messages);
};
