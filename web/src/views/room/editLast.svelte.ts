// Up in an empty composer: what I said last there comes in change. What is still on its way does so once it has arrived.
import type { Desk } from "../../state/desk";
import { feed } from "../../state/feed.svelte";
import { isMessage } from "../../state/fold";
import { isReady } from "../../state/outbox.svelte";
import type { Room } from "../../state/room.svelte";
import { self } from "../../state/self.svelte";
import type { Hand } from "./hand.svelte";

export function editLast(room: Room, desk: Desk, hand: Hand): void {
  const empty = () => !room.archived && desk.draft === "";
  const edit = (id?: string): boolean => {
    const mine = desk.timeline.rows.findLast(
      ({ entry }) =>
        isMessage(entry) &&
        entry.author === self.id &&
        (id === undefined ? !entry.erased : entry.client_id === id),
    );
    if (mine) hand.edit(mine.entry.seq);
    return mine !== undefined;
  };
  if (!empty()) return;
  const coming = feed.outbox.of(room.id, desk.root).findLast((it) => it.state === "waiting" && isReady(it));
  if (!coming) return void edit();
  const end = $effect.root(() => {
    $effect(() => {
      const { client_id: id } = coming;
      // Whoever writes on meanwhile has thought better of it; one that was thrown away never comes.
      if (!empty() || edit(id) || !feed.outbox.find(id)) end();
    });
  });
}
