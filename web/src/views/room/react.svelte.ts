// Puts a reaction to a message, or takes it back: at once on the screen, then at the server; what it refuses is put right,
// and why is said where it was pressed.
import { SvelteMap } from "svelte/reactivity";
import { feed } from "../../state/feed.svelte";
import { reason } from "../../state/notices.svelte";
import { reacted, type Shown } from "../../state/reacted.svelte";
import { self } from "../../state/self.svelte";
import { ApiError, api } from "../../wire/api";
import type { RoomId, Seq } from "../../wire/types";
import { used } from "./often";

/** Between the answer and the event that brings it; both come by other ways. */
const ARRIVES = 5000;
const WRONG_STAYS = 6000;

/** What I want, by message and emoji. One question at a time: two presses must not overtake each other. */
type Wish = { want: boolean; asking: boolean; timer?: ReturnType<typeof setTimeout> };
const asked = new Map<string, Wish>();
const wishes = new SvelteMap<string, ReadonlyMap<string, boolean>>();
const refusals = new SvelteMap<string, string>();

const keyOf = (room: RoomId, seq: Seq) => `${room}/${seq}`;

/** Why the last one was refused, for a moment. */
export const refusal = (room: RoomId, seq: Seq): string => refusals.get(keyOf(room, seq)) ?? "";

reacted.wished = (room, seq, all) => {
  const wanted = wishes.get(keyOf(room, seq));
  return wanted ? asWished(all, wanted) : all;
};

// It came about; or it did before its answer, and this is what I have done since on another device.
feed.hear((frame) => {
  if (frame.t !== "event" || frame.author !== self.id) return;
  if (frame.kind !== "reacted" && frame.kind !== "unreacted") return;
  const wish = asked.get(`${keyOf(frame.room, frame.target)}/${frame.emoji}`);
  if (!wish || wish.asking) return;
  clearTimeout(wish.timer);
  forget(frame.room, frame.target, frame.emoji);
});

/** The reactions of a message as they will be when all that I want has come about. */
export function asWished(all: readonly Shown[], wanted: ReadonlyMap<string, boolean>): Shown[] {
  const known = new Set(all.map(({ emoji }) => emoji));
  const added = [...wanted.keys()].filter((emoji) => !known.has(emoji));
  return [...all, ...added.map((emoji) => ({ emoji, count: 0, users: [], mine: false }))]
    .map((one) => {
      const mine = wanted.get(one.emoji) ?? one.mine;
      return { ...one, mine, count: one.count + Number(mine) - Number(one.mine) };
    })
    .filter(({ count }) => count > 0);
}

export function react(room: RoomId, seq: Seq, emoji: string, want: boolean): void {
  const key = `${keyOf(room, seq)}/${emoji}`;
  const wish = asked.get(key) ?? { want, asking: false };
  wish.want = want;
  clearTimeout(wish.timer);
  asked.set(key, wish);
  show(room, seq, emoji, want);
  refusals.delete(keyOf(room, seq));
  if (want) used(emoji);
  if (!wish.asking) void ask(room, seq, emoji, wish);
}

async function ask(room: RoomId, seq: Seq, emoji: string, wish: Wish): Promise<void> {
  const path = `rooms/${room}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`;
  wish.asking = true;
  try {
    let told: boolean;
    do {
      told = wish.want;
      await (told ? api.put(path) : api.delete(path));
    } while (told !== wish.want);
    wish.timer = setTimeout(forget, ARRIVES, room, seq, emoji);
  } catch (error) {
    forget(room, seq, emoji);
    // It was deleted meanwhile: nothing is left to be said of.
    if (!(error instanceof ApiError && error.code === "not_found")) refuse(keyOf(room, seq), reason(error));
  } finally {
    wish.asking = false;
  }
}

function forget(room: RoomId, seq: Seq, emoji: string): void {
  asked.delete(`${keyOf(room, seq)}/${emoji}`);
  show(room, seq, emoji, undefined);
}

function show(room: RoomId, seq: Seq, emoji: string, want: boolean | undefined): void {
  const key = keyOf(room, seq);
  const wanted = new Map(wishes.get(key));
  if (want === undefined) wanted.delete(emoji);
  else wanted.set(emoji, want);
  if (wanted.size > 0) wishes.set(key, wanted);
  else wishes.delete(key);
}

function refuse(key: string, why: string): void {
  refusals.set(key, why);
  setTimeout(() => refusals.get(key) === why && refusals.delete(key), WRONG_STAYS);
}
