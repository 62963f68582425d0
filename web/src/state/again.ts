// What my other devices did to my rooms while the line was gone, their levels and drafts, no welcome says: the list of rooms does.
// It is asked for until it is told.
import { drafts } from "./drafts.svelte";
import { feed } from "./feed.svelte";
import { SPREAD } from "./people.svelte";
import { rooms } from "./rooms.svelte";
import { self } from "./self.svelte";

let soon: ReturnType<typeof setTimeout> | undefined;

function listSoon(): void {
  clearTimeout(soon);
  soon = setTimeout(() => void list().catch(listSoon), Math.random() * SPREAD);
}

async function list(): Promise<void> {
  const before = rooms.list.map((room) => [room, room.draft] as const);
  if (self.id === 0) return;
  await rooms.load();
  for (const [room, draft] of before) {
    // One that I wrote on here meanwhile is newer.
    if (room.draft === draft && drafts.kept(room.id) === null)
      drafts.fromElsewhere(room.id, room.info.draft ?? "");
  }
}

feed.hear(({ t }) => {
  if (t === "welcome") listSoon();
});
