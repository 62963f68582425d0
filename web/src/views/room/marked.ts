import { saved } from "../../state/saved.svelte";
import type { MessageEntry, RoomId } from "../../wire/types";

/** Whether a message bears a mark: pinned for everybody, or put aside by me. */
export const marked = (room: RoomId, entry: MessageEntry): boolean =>
  entry.pinned === true || saved.has(room, entry.seq);
