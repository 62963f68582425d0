import type { Level, RoomId, Seq } from "../wire/types";
import { feed } from "./feed.svelte";
import { following } from "./following.svelte";

/** The first reply to what I wrote makes me follow, as does one that names me; that is told right after the reply. */
const TOLD_WITHIN = 1500;

/** What the thread of this reply may disturb me with; undefined where I do not follow it, or from a later reply on. */
export async function follows(room: RoomId, root: Seq, reply: Seq): Promise<Level | undefined> {
  const threads = following.threads ?? (await following.load().catch(() => undefined));
  const now = () => {
    const thread = threads?.known(room, root);
    // The frame may be here before this is asked: who follows from a later reply on has that place.
    return thread?.following && thread.counts.read < reply ? thread.level : undefined;
  };
  return now() ?? ((await told(room, root, reply)) ? now() : undefined);
}

const told = (room: RoomId, root: Seq, reply: Seq) =>
  new Promise<boolean>((resolve) => {
    const end = (found: boolean) => {
      stop();
      clearTimeout(timer);
      // When the state has taken it.
      queueMicrotask(() => resolve(found));
    };
    const stop = feed.hear((frame) => {
      if (frame.t === "thread" && frame.room === room && frame.root === root) end(frame.read < reply);
    });
    const timer = setTimeout(() => end(false), TOLD_WITHIN);
  });
