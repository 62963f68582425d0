// Everything is read, in one go, and a way back for as long as the notice stands. What it does to the screen comes by the
// live line, here as on all my devices.
import { following } from "../../state/following.svelte";
import { notices } from "../../state/notices.svelte";
import { reads } from "../../state/reads.svelte";
import { rooms } from "../../state/rooms.svelte";
import { api } from "../../wire/api";
import type { Places } from "../../wire/types";
import { threads as w } from "../../words/en/threads";

export async function allRead(): Promise<void> {
  try {
    // What was read and not told yet is read all the same: going back must not go behind it.
    reads.sendAgain();
    await following.threads?.tellNow();
    const places = await api.post<Places>("me/read", {});
    notices.offer(w.allRead, { label: w.undo, act: () => void back(places) });
  } catch (error) {
    notices.wrong(error);
  }
}

async function back(places: Places): Promise<void> {
  // What is on the screen is unread because I say so, and not read again by being there.
  for (const [id] of places.rooms) {
    const room = rooms.get(id);
    if (room) room.keepUnread = true;
  }
  for (const [id, root] of places.threads) {
    const thread = following.threads?.known(id, root);
    if (thread) thread.keepUnread = true;
  }
  try {
    await api.post("me/unread", places);
    notices.say(w.undone);
  } catch (error) {
    notices.wrong(error);
  }
}
