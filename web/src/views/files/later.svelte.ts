// The code that shows files and links is no part of the first screen. It comes with the first page of a room that needs it,
// and before that page is drawn: every picture then stands at its size from the start, and nothing jumps.
import type { Component } from "svelte";
import { notifier } from "../../notify/notifier.svelte";
import type { Room } from "../../state/room.svelte";
import { Timeline } from "../../state/timeline.svelte";
import type { ShownFile } from "../../wire/files";
import type { MessageEntry } from "../../wire/types";
import { markup } from "../room/markup.svelte";

export type Props = { files: ShownFile[]; room: Room; entry?: MessageEntry | undefined };

let View = $state.raw<Component<Props> | undefined>();

export const showing = {
  get View() {
    return View;
  },
  async load() {
    const code = await import("./code");
    View = code.default;
    return code;
  },
};

/** Whether there is something below the words of a message. */
export const hasBelow = (text: string, files: readonly unknown[], entry: MessageEntry | undefined): boolean =>
  files.length > 0 || !!entry?.previews || text.includes(`${location.origin}/r/`);

Timeline.before = async ({ messages }) => {
  const written = markup.prepare(messages);
  if (messages.some((entry) => entry.kind === "message" && hasBelow(entry.text, entry.files, entry)))
    await showing.load().then(
      ({ prepare }) => prepare(messages),
      () => undefined,
    );
  await written;
};
notifier.about = async (text, files) => {
  const { glance, summary } = await showing.load();
  return glance(text) || summary(files);
};
