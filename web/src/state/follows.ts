// Which threads I follow, and what they may disturb me with: asked for when a first reply is heard, kept up by the line.
import { api } from "../wire/api";
import type { Level, RoomId, Seq, Thread } from "../wire/types";
import { feed } from "./feed.svelte";

const levels = new Map<string, Level>();
let asked: Promise<void> | undefined;
const keyOf = (room: RoomId, root: Seq) => `${room}/${root}`;

feed.hear((frame) => {
  // After a break it is another question.
  if (frame.t === "welcome") asked = undefined;
  if (frame.t === "thread") learn(frame);
});

function learn({ room, root, following, level }: Thread): void {
  if (following) levels.set(keyOf(room, root), level);
  else levels.delete(keyOf(room, root));
}

/** The level of a thread that I follow; undefined where I do not. */
export async function follows(room: RoomId, root: Seq): Promise<Level | undefined> {
  asked ??= api.get<{ places: Thread[] }>("threads/places").then(
    ({ places }) => {
      levels.clear();
      for (const place of places) learn(place);
    },
    () => {
      asked = undefined;
    },
  );
  await asked;
  return levels.get(keyOf(room, root));
}
