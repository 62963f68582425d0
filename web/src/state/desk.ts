// Where one writes: a room, or a thread of it. Both have a draft, a tray, and a place in what is read.
import type { RoomId, Seq } from "../wire/types";
import type { As } from "./outbox.svelte";
import type { Timeline } from "./timeline.svelte";

/** Tells its draft and its tray from others'. */
export type DeskId = RoomId | `${RoomId}/${Seq}`;

export type Desk = {
  readonly id: DeskId;
  readonly title: string;
  readonly joined: boolean;
  readonly timeline: Timeline;
  draft: string;
  /** The message that what is written answers. */
  quote: Seq | null;
  /** The message of mine that is being changed. */
  editing: Seq | null;
  /** Set by "mark as unread from here": what is on the screen is not taken as read. */
  keepUnread: boolean;
  /** Of a thread: the message that it hangs below, and whether the room is to be told as well. */
  readonly root?: Seq;
  also?: boolean;
};

/** What a message that is written here is beside its words. What it answers is answered with it. */
export function takeAs(desk: Desk): As {
  const { root: thread, also, quote } = desk;
  desk.quote = null;
  return { ...(thread !== undefined && { thread, also }), ...(quote !== null && { quote }) };
}
