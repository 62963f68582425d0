// What one can do with a message: one table, for the tools beside it, the menu, and the keys. A line of it is all that a
// new act needs; what it opens is fetched when it is done.

import { copy } from "../../lib/copy";
import { paths } from "../../lib/router.svelte";
import type { IconName } from "../../parts/icons.gen";
import type { MenuItem } from "../../parts/menu";
import { notices } from "../../state/notices.svelte";
import type { Room } from "../../state/room.svelte";
import { roomActs } from "../../state/roomActs";
import { saved } from "../../state/saved.svelte";
import { self } from "../../state/self.svelte";
import { ui } from "../../state/ui.svelte";
import { api } from "../../wire/api";
import type { MessageEntry } from "../../wire/types";
import { words } from "../../words/en";
import { doing as w } from "../../words/en/doing";
import { threads } from "../../words/en/threads";
import { keepsRoom } from "../rights";
import { threading } from "../threads/later.svelte";
import { edits } from "./edits.svelte";
import { going } from "./going.svelte";
import type { Hand } from "./hand.svelte";

/** The message that it is done to, where, and what else is in hand there. */
export type On = { entry: MessageEntry; room: Room; hand: Hand };
export type Act = {
  label: string | ((on: On) => string);
  icon: IconName | ((on: On) => IconName);
  /** Does it to the message that has the focus; in small letters. */
  key?: string;
  danger?: boolean;
  /** The server decides; this only leaves out what it would refuse. */
  may: (on: On) => boolean;
  act: (on: On) => void;
};

const mine = ({ entry }: On) => entry.author === self.id;
const writes = ({ entry, room }: On) => !entry.erased && room.joined && !room.archived;
const isSaved = ({ entry, room }: On) => saved.has(room.id, entry.seq);
const wrong = (error: unknown) => notices.wrong(error);

export const mayDelete = (on: On): boolean => (mine(on) || keepsRoom(on.room)) && writes(on);

/** In the order of the menu: to answer, to keep, to go on, to change. */
export const acts: readonly (Act | "line")[] = [
  {
    label: words.room.react,
    icon: "smile-plus",
    key: "r",
    may: writes,
    act: ({ entry, hand }) => {
      hand.open = { seq: entry.seq, what: "emoji", by: placeOf(entry) };
    },
  },
  {
    label: w.whoReacted,
    icon: "users",
    may: ({ entry }) => entry.reactions.length > 0,
    act: ({ entry, room }) => ui.open({ name: "reactions", room: room.id, seq: entry.seq }),
  },
  {
    label: threads.reply,
    icon: "reply",
    key: "t",
    may: ({ entry, room, hand }) =>
      !("root" in hand.desk) && room.joined && (writes({ entry, room, hand }) || !!entry.replies),
    act: ({ entry, room, hand }) =>
      void threading.load().then(
        (kit) => kit.reply(room, entry.thread ?? entry.seq, hand),
        () => notices.say(words.parts.unreachable),
      ),
  },
  {
    label: w.quote,
    icon: "text-quote",
    key: "q",
    may: writes,
    act: ({ entry, hand }) => {
      hand.desk.quote = entry.seq;
      hand.compose();
    },
  },
  {
    label: w.forward,
    icon: "forward",
    key: "f",
    may: ({ entry }) => !entry.erased,
    act: ({ entry, room }) => ui.open({ name: "forward", room: room.id, seqs: [entry.seq] }),
  },
  "line",
  {
    label: (on) => (isSaved(on) ? w.unsave : w.save),
    icon: (on) => (isSaved(on) ? "bookmark-check" : "bookmark"),
    key: "s",
    may: (on) => on.room.joined && (!on.entry.erased || isSaved(on)),
    act: (on) => {
      const { room, entry } = on;
      saved[isSaved(on) ? "remove" : "save"](room.id, entry.seq).catch(wrong);
    },
  },
  {
    label: ({ entry }) => (entry.pinned ? w.unpin : w.pin),
    icon: ({ entry }) => (entry.pinned ? "pin-off" : "pin"),
    key: "p",
    may: writes,
    act: ({ entry, room }) => {
      const path = `rooms/${room.id}/messages/${entry.seq}/pin`;
      (entry.pinned ? api.delete(path) : api.put(path)).catch(wrong);
    },
  },
  {
    label: w.copyLink,
    icon: "link",
    key: "c",
    may: () => true,
    act: ({ entry, room }) =>
      copy(location.origin + paths.message(room.id, entry.seq)).then(
        () => notices.say(w.copied),
        () => notices.say(w.copyFailed),
      ),
  },
  {
    label: w.markUnread,
    icon: "mail-open",
    key: "u",
    may: ({ room }) => room.joined,
    act: ({ entry: { seq }, hand: { desk } }) => {
      ("root" in desk ? desk.markUnread(seq) : roomActs.markUnread(desk.id, seq)).catch(wrong);
    },
  },
  {
    label: w.select,
    icon: "square-check",
    key: "x",
    may: ({ entry, hand }) => !entry.erased && !("root" in hand.desk),
    act: ({ entry, hand }) => {
      hand.chosen = new Set([entry.seq]);
    },
  },
  "line",
  {
    label: words.room.edit,
    icon: "pencil",
    key: "e",
    // A copy keeps the words of its source.
    may: (on) => mine(on) && writes(on) && !on.entry.forwarded,
    act: ({ entry, hand }) => edits.begin(hand, entry.seq),
  },
  {
    label: w.delete,
    icon: "trash-2",
    key: "delete",
    danger: true,
    may: mayDelete,
    // What is mine can be taken back for a moment; over what is another's one thinks first.
    act: (on) => {
      const { entry, room, hand } = on;
      if (mine(on)) going.delete(room.id, [entry.seq]);
      else hand.deleting = entry.seq;
    },
  },
];

/** What has the focus in it: a button of the message, or the message itself. */
function placeOf({ seq }: MessageEntry): HTMLElement {
  const at = document.activeElement;
  if (at instanceof HTMLElement && at.closest<HTMLElement>("[data-said]")?.dataset.seq === `${seq}`)
    return at;
  return document.querySelector<HTMLElement>(`[data-said][data-seq="${seq}"]`) ?? document.body;
}

const isAct = (one: Act | "line"): one is Act => one !== "line";

/** As it stands on the key. */
const nameOf = (key: string) => key.charAt(0).toUpperCase() + key.slice(1);
const told = <T extends string>(what: T | ((on: On) => T), on: On): T =>
  typeof what === "function" ? what(on) : what;

/** The menu of a message: no line where nothing stands between. */
export function menuOf(on: On): MenuItem[] {
  const items: MenuItem[] = [];
  for (const one of acts) {
    if (isAct(one) ? !one.may(on) : items.length === 0 || items.at(-1) === "line") continue;
    if (!isAct(one)) items.push("line");
    else
      items.push({
        label: told(one.label, on),
        icon: told(one.icon, on),
        danger: one.danger ?? false,
        keys: one.key && nameOf(one.key),
        act: () => one.act(on),
      });
  }
  return items.at(-1) === "line" ? items.slice(0, -1) : items;
}

/** The act of a key, where it may be done here. The same with Caps Lock. */
export function actOf(key: string, on: On): Act | undefined {
  const small = key.toLowerCase();
  const named = small === "backspace" ? "delete" : small;
  const found = acts.find((one): one is Act => isAct(one) && one.key === named);
  return found?.may(on) ? found : undefined;
}
