import { afterEach, expect, test, vi } from "vitest";
import { feed } from "../../state/feed.svelte";
import { api } from "../../wire/api";
import type { MessageEntry, ServerFrame } from "../../wire/types";
import { quotes } from "./quotes.svelte";

const said = { kind: "message", seq: 3, author: 2, text: "the secret is 12345" } as MessageEntry;
const deleted = { kind: "deleted", seq: 3, author: 2 } as unknown as MessageEntry;

// What is known of the room is forgotten.
afterEach(() => feed.take({ t: "gone", room: 8 }));

test.each<[string, ServerFrame]>([
  [
    "was deleted",
    { t: "event", kind: "deleted", room: 8, seq: 9, target: 3, author: 2, at: "" } as ServerFrame,
  ],
  ["is in a room that is mine no more", { t: "gone", room: 8 }],
])("a quoted message that %s while it is asked for is asked for again", async (_, frame) => {
  const get = vi.spyOn(api, "get").mockImplementation((async () => {
    if (get.mock.calls.length > 1) return deleted;
    feed.take(frame);
    return said;
  }) as typeof api.get);
  await quotes.ask({ room: 8, seq: 3 });
  expect(quotes.get({ room: 8, seq: 3 })).toBeNull();
});
