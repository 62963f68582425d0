// Up in an empty composer: what I said last there comes in change. What is still on its way does so once it has arrived.
import type { Desk } from "../../state/desk";
import { feed } from "../../state/feed.svelte";
import { isMessage } from "../../state/fold";
import { isReady } from "../../state/outbox.svelte";
import type { Room } from "../../state/room.svelte";
import { self } from "../../state/self.svelte";
import type { Seq } from "../../wire/types";
import { edits } from "./edits.svelte";
import type { Hand } from "./hand.svelte";

export function editLast(room: Room, hand: Hand): void {
  const desk: Desk = hand.desk;
  const empty = () => !room.archived && desk.draft === "";
  const said = (id?: string): Seq =>
    desk.timeline.rows.findLast(
      ({ entry }) =>
        isMessage(entry) &&
        entry.author === self.id &&
        (id === undefined ? !entry.erased : entry.client_id === id),
    )?.entry.seq ?? 0;
  const edit = (seq: Seq): boolean => {
    if (seq > 0) edits.back(hand, seq);
    return seq > 0;
  };
  if (!empty()) return;
  const coming = feed.outbox.of(room.id, desk.root).findLast((it) => it.state === "waiting" && isReady(it));
  // What is in change already may be newer than all of mine that the window holds.
  if (!coming) return void edit(Math.max(said(), desk.editing ?? 0));
  const end = $effect.root(() => {
    $effect(() => {
      const { client_id: id } = coming;
      // Whoever writes on meanwhile has thought better of it; one that was thrown away never comes.
      if (!empty() || edit(said(id)) || !feed.outbox.find(id)) end();
    });
  });
}
