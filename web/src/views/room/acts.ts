// What one can do with a message, for the tools beside it, the menu, and the keys.

import { copy } from "../../lib/copy";
import { paths } from "../../lib/router.svelte";
import { notices } from "../../state/notices.svelte";
import type { Room } from "../../state/room.svelte";
import { rooms } from "../../state/rooms.svelte";
import { self } from "../../state/self.svelte";
import type { MessageEntry } from "../../wire/types";
import { words } from "../../words/en";
import type { Hand } from "./hand.svelte";

export type Act = "link" | "edit" | "delete" | "unread";

/** The server decides; this only leaves out what it would refuse. */
export function may(what: Act, entry: MessageEntry, room: Room): boolean {
  const mine = entry.author === self.id;
  switch (what) {
    case "link":
      return true;
    case "unread":
      return room.joined;
    case "edit":
      return mine && !entry.erased && room.joined && !room.archived;
    case "delete":
      return (mine || room.role === "owner") && !entry.erased && room.joined && !room.archived;
  }
}

export function act(what: Act, entry: MessageEntry, room: Room, hand: Hand): void {
  if (what === "edit") hand.edit(entry.seq);
  else if (what === "delete") hand.deleting = entry.seq;
  else if (what === "unread") rooms.markUnread(room.id, entry.seq).catch((error) => notices.wrong(error));
  else
    copy(location.origin + paths.message(room.id, entry.seq)).then(
      () => notices.say(words.room.copied),
      () => notices.say(words.room.copyFailed),
    );
}
