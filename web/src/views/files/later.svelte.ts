// The code that shows files and links is no part of the first screen. It comes with the first page of a room that needs it,
// and before that page is drawn: every picture then stands at its size from the start, and nothing jumps.
import type { Component } from "svelte";
import { glance as told } from "../../notify/about";
import type { Room } from "../../state/room.svelte";
import { Timeline } from "../../state/timeline.svelte";
import type { ShownFile } from "../../wire/files";
import type { Entry, Forwarded, MessageEntry, RoomId, Seq } from "../../wire/types";
import { markup } from "../room/markup.svelte";

export type Props = { files: ShownFile[]; room: Room; entry?: MessageEntry | undefined };

type Over = { quote?: Seq | undefined; forwarded?: Forwarded | undefined };

let View = $state.raw<Component<Props> | undefined>();
let OverView = $state.raw<Component<Over & { room: RoomId }> | undefined>();

export const showing = {
  get View() {
    return View;
  },
  /** What stands above the words: where they are from, what they answer. */
  get Over() {
    // Not while something is drawn.
    if (!OverView) queueMicrotask(() => showing.load().catch(() => undefined));
    return OverView;
  },
  async load() {
    const code = await import("./code");
    OverView = code.Over;
    View = code.default;
    return code;
  },
};

/** Whether there is something below the words of a message. */
export const hasBelow = (text: string, files: readonly unknown[], entry: MessageEntry | undefined): boolean =>
  files.length > 0 || !!entry?.previews || text.includes(`${location.origin}/r/`);

/** What stands above the words of a message, if anything does. */
export const overOf = (said: Over | undefined): Over | undefined =>
  said?.quote !== undefined || said?.forwarded ? { quote: said.quote, forwarded: said.forwarded } : undefined;

const needed = (entry: Entry): boolean =>
  entry.kind === "message" && (hasBelow(entry.text, entry.files, entry) || overOf(entry) !== undefined);

Timeline.needs(({ messages }) => markup.prepare(messages));
Timeline.needs(
  ({ messages }, room) =>
    messages.some(needed) &&
    showing.load().then(
      ({ prepare }) => prepare(room, messages),
      () => undefined,
    ),
);
told.about = async (text, files) => {
  const { glance, summary } = await showing.load();
  return glance(text) || summary(files);
};
