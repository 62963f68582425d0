// The ways into a thread: from the message that it hangs below, and from a link to a reply.
import { tick } from "svelte";
import { notices } from "../../state/notices.svelte";
import type { Room } from "../../state/room.svelte";
import { settings } from "../../state/settings.svelte";
import { ui } from "../../state/ui.svelte";
import { ApiError, api } from "../../wire/api";
import type { Entry, Seq } from "../../wire/types";
import { threads as w } from "../../words/en/threads";
import type { Hand } from "../room/hand.svelte";

/** Where this person likes it: at the side, or in place. Said again, it closes. */
export function open(room: Room, root: Seq, hand: Hand): void {
  if (settings.threads === "place") hand.unfold(root);
  else if (isOpen(room, root)) ui.panel = null;
  else ui.openThread(room.id, root);
}

/** With the cursor in its composer; it does not close what is open. */
export function reply(room: Room, root: Seq, hand: Hand): void {
  if (settings.threads === "side") return ui.openThread(room.id, root, { reply: true });
  hand.replying = root;
  // Folded and unfolded anew it takes the cursor.
  hand.unfold(root, false);
  void tick().then(() => hand.unfold(root, true));
}

export const isOpen = (room: Room, root: Seq): boolean =>
  ui.panel === "thread" && ui.thread?.room === room.id && ui.thread.root === root;

/** A link led to something that the room does not show: where it is a reply, to its thread, at that reply; else to the newest. */
export async function openReply(room: Room, seq: Seq): Promise<void> {
  let entry: Entry | undefined;
  try {
    entry = await api.get<Entry>(`rooms/${room.id}/messages/${seq}`);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "not_found") return;
    notices.say(w.noMessage);
    return void room.timeline.latest();
  }
  if (entry?.kind !== "message" || entry.thread === undefined) return;
  const { thread: root } = entry;
  ui.openThread(room.id, root, { seq });
  await room.timeline.around(root, { mark: true });
}
