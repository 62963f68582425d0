import assert from "node:assert/strict";
import { test } from "node:test";
import { synced } from "../support/synced.js";

// SIGKILL does not lose what the system holds in memory; only this shows that an answer waits for the disk.
test("no message is answered before the sync that covers it", {
  timeout: 60_000,
}, async () => {
  assert.deepEqual(await synced(), []);
});
