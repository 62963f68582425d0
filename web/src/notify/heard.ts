// What somebody did, as far as it concerns me: heard, shown over other windows, noted among my activity. By the room's and the thread's level, my
// words, and whether I want to be disturbed at all.
import { paths, router } from "../lib/router.svelte";
import { activity } from "../state/activity.svelte";
import { causeOf } from "../state/cause";
import { rowAt } from "../state/fold";
import { follows } from "../state/follows";
import { people } from "../state/people.svelte";
import type { Room } from "../state/room.svelte";
import { rooms } from "../state/rooms.svelte";
import { self } from "../state/self.svelte";
import { settings } from "../state/settings.svelte";
import type { Event, EventOf } from "../wire/types";
import { words } from "../words/en";
import { glance } from "./about";
import { tabs } from "./sight.svelte";
import { play, type Sound } from "./sounds";

const LONGEST = 180;
/** A burst of one kind is one sound. */
const QUIET = 400;
const last = new Map<Sound, number>();

export async function heard(event: Event): Promise<void> {
  const room = rooms.get(event.room);
  if (!room || event.author === self.id) return;
  if (event.kind === "reacted") return reacted(event, room);
  if (event.kind !== "message" || event.erased) return;
  const cause = causeOf(event);
  const followed = event.thread === undefined ? undefined : await follows(room.id, event.thread, event.seq);
  const reply = followed === "all";
  if ((cause && cause !== "here") || (followed && followed !== "nothing")) activity.came(event.at);
  const calls = cause !== undefined;
  // A reply in a thread is for those who follow it or are called; in the room itself it is shown to all only where it was also sent there.
  const inside = event.thread !== undefined && !event.also;
  const tells = inside ? calls || reply : room.level === "all" || calls || reply;
  if (!tells || room.level === "nothing" || (followed === "nothing" && inside && !calls)) return;
  await tabs.known;
  if (!tabs.leads || self.me?.dnd || settings.dnd || tabs.seen(room.id)) return;
  if (calls ? settings.soundMention : settings.soundMessage) sound(calls ? "mention" : "message");
  if (settings.desktop && !tabs.visible) void show(event, room);
}

/** What I wrote is on the server. */
export function sent(): void {
  if (settings.soundSent) sound("sent");
}

function sound(sound: Sound): void {
  const now = Date.now();
  if (self.me?.dnd || settings.dnd || now - (last.get(sound) ?? 0) < QUIET) return;
  last.set(sound, now);
  play(sound);
}

/** Softly: an emoji is no call. */
async function reacted(event: EventOf<"reacted">, room: Room): Promise<void> {
  const known = rowAt(room.timeline.rows, event.target)?.entry;
  if (!known) return void activity.mayHave();
  if (known.author !== self.id) return;
  activity.came(event.at);
  await tabs.known;
  if (settings.soundReaction && tabs.leads && room.level !== "nothing") sound("reaction");
}

async function show(event: EventOf<"message">, room: Room): Promise<void> {
  if (!("Notification" in globalThis) || Notification.permission !== "granted") return;
  const name = (await people.ask(event.author))?.name ?? words.room.somebody;
  const text = await glance.about(event.text ?? "", event.files ?? []).catch(() => "");
  try {
    const note = new Notification(room.direct ? name : words.room.saysIn(name, room.title), {
      body: text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text,
      // The newest of a room takes the place of the one before.
      tag: `room ${room.id}`,
      icon: "/mark.svg",
      silent: true,
    });
    note.onclick = () => {
      focus();
      router.go(paths.message(room.id, event.seq));
      note.close();
    };
  } catch {
    // Phones want a service worker for this.
  }
}
