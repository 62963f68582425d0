// What a reaction below a message does: one press adds mine or takes it back; a long one, or the key for menus, tells who
// did; so do the pointer and the focus. The one without an emoji adds another.
import type { Attachment } from "svelte/attachments";
import { held } from "../../lib/held";
import { tip } from "../../parts/tip";
import { people } from "../../state/people.svelte";
import { reacted, type Shown } from "../../state/reacted.svelte";
import { self } from "../../state/self.svelte";
import { ui } from "../../state/ui.svelte";
import { words } from "../../words/en";
import type { On } from "./acts";
import { react } from "./react.svelte";

/** More names than these are a number. */
const NAMED = 8;

const shownOf = ({ entry, room }: On, emoji: string | undefined) =>
  reacted.shown(room.id, entry).find((one) => one.emoji === emoji);

const who = ({ entry, room }: On, emoji: string | undefined) =>
  ui.open({ name: "reactions", room: room.id, seq: entry.seq, ...(emoji && { emoji }) });

export function press(on: On, emoji: string | undefined, by: HTMLElement): void {
  const { entry, room, hand } = on;
  if (!room.joined || room.archived) who(on, emoji);
  else if (emoji) react(room.id, entry.seq, emoji, !shownOf(on, emoji)?.mine);
  else hand.open = { seq: entry.seq, what: "emoji", by };
}

export function chip(on: On, emoji?: string): Attachment<HTMLElement> {
  return (node) => {
    const text = () => {
      const one = shownOf(on, emoji);
      return one ? names(one) : words.room.react;
    };
    const stop = [held(() => who(on, emoji))(node), tip(text)(node)];
    return () => {
      for (const end of stop) end?.();
    };
  };
}

/** As far as they are told, mine first. */
export function names({ users, count, mine }: Shown): string {
  const others = users.filter((id) => id !== self.id).slice(0, NAMED);
  const named = [...(mine ? [words.room.you] : []), ...others.map((id) => people.name(id))];
  return words.room.some(named, count - named.length);
}
