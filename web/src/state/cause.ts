import { finder } from "../lib/keywords";
import type { Cause, EventOf } from "../wire/types";
import { self } from "./self.svelte";

/** Why what somebody else says concerns me, most of all; undefined where it does not. */
export function causeOf(event: EventOf<"message"> | EventOf<"edited">): Cause | "here" | undefined {
  if (event.mentions?.includes(self.id)) return "mention";
  if (event.everyone) return "room";
  if (event.here) return "here";
  return finder(self.me?.quiet?.keywords ?? [])?.test(event.text ?? "") ? "keyword" : undefined;
}
