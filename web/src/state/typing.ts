// "Ana is typing", told every three seconds while it is so.
import type { RoomId } from "../wire/types";
import { live } from "./live.svelte";

const EVERY = 3000;
let last = { room: 0, at: 0 };

export function typing(room: RoomId): void {
  const now = Date.now();
  if (last.room === room && now - last.at < EVERY) return;
  if (live.send({ t: "typing", room })) last = { room, at: now };
}

/** What was typed is sent or gone: the next stroke tells at once. */
export function typed(): void {
  last = { room: 0, at: 0 };
}
