import type { Level, RoomId, Seq } from "../wire/types";
import { isMessage, rowAt } from "./fold";
import { following } from "./following.svelte";
import { rooms } from "./rooms.svelte";
import { self } from "./self.svelte";

/** What a thread that I follow may disturb me with; undefined where I do not follow it. */
export async function follows(room: RoomId, root: Seq): Promise<Level | undefined> {
  const threads = following.threads ?? (await following.load().catch(() => undefined));
  const thread = threads?.known(room, root);
  if (thread?.following) return thread.level;
  // The first reply to what I wrote makes me follow, and is heard before that is told.
  const message = rowAt(rooms.get(room)?.timeline.rows ?? [], root)?.entry;
  const first = message && isMessage(message) && message.author === self.id && (message.replies ?? 0) <= 1;
  return first ? "all" : undefined;
}
