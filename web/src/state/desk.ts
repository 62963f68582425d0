// Where one writes: a room, or a thread of it. Both have a draft, a tray, and a place in what is read.
import type { RoomId, Seq } from "../wire/types";

/** Tells its draft and its tray from others'. */
export type DeskId = RoomId | `${RoomId}/${Seq}`;

export type Desk = {
  readonly id: DeskId;
  readonly title: string;
  readonly joined: boolean;
  draft: string;
  /** Set by "mark as unread from here": what is on the screen is not taken as read. */
  keepUnread: boolean;
  /** Of a thread: the message that it hangs below, and whether the room is to be told as well. */
  readonly root?: Seq;
  also?: boolean;
};
