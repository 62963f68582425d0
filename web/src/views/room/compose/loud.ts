import { pieces } from "../../../lib/text";
import { groups } from "../../../state/groups.svelte";
import type { Room } from "../../../state/room.svelte";
import { calls as w } from "../../../words/en/calls";

/** What is to be said before this text calls `most` people or more of the room; empty where it does not. */
export async function loudest(text: string, room: Room, most: number): Promise<string> {
  const names = new Set(
    pieces(withoutCode(text)).flatMap((piece) => (piece.kind === "call" ? [piece.name] : [])),
  );
  const others = room.members - 1;
  if (room.direct || room.members < most) return "";
  if (names.has("room")) return w.warn.room(others);
  if (names.has("here")) return w.warn.here(others);
  if (names.size === 0) return "";
  await groups.load().catch(() => undefined);
  const large = [...names]
    .flatMap((name) => groups.get(name) ?? [])
    .filter((group) => group.members.length >= most);
  const largest = large.toSorted((a, b) => b.members.length - a.members.length)[0];
  return largest ? w.warn.group(largest.name, Math.min(others, largest.members.length)) : "";
}

/** Names in code call nobody. */
const withoutCode = (text: string) => text.replace(/```[\s\S]*?(?:```|$)|`[^`\n]*`/g, " ");
