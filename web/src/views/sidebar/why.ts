// Why is this unread? From a count to the message that causes it: the oldest one that counts, or that calls me.
import { paths, router } from "../../lib/router.svelte";
import { notices } from "../../state/notices.svelte";
import type { Room } from "../../state/room.svelte";
import { threads } from "../../state/threads.svelte";
import { api } from "../../wire/api";
import type { Why } from "../../wire/types";

export async function go(of: Room | "threads", what: "unread" | "mention"): Promise<void> {
  try {
    const [room, pages] = of === "threads" ? await thread(what) : [of.id, `rooms/${of.id}`];
    const why = pages ? await api.get<Why>(`${pages}/why`) : {};
    const seq = why[what] ?? why.unread ?? why.mention;
    // Read elsewhere meanwhile: there is nothing to go to but the place itself.
    router.go(
      seq === undefined ? (of === "threads" ? paths.threads : paths.room(room)) : paths.message(room, seq),
    );
  } catch (error) {
    notices.wrong(error);
  }
}

/** Of all threads that have some, the one that moved last. */
async function thread(what: "unread" | "mention"): Promise<[number, string]> {
  const { threads: list } = await threads.list({ unread: true, limit: 50 });
  const one = list.find((it) => what === "unread" || it.mentions > 0) ?? list[0];
  return one ? [one.room, `rooms/${one.room}/messages/${one.root}/thread`] : [0, ""];
}
