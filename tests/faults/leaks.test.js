import assert from "node:assert/strict";
import { test } from "node:test";
import { erased, removed } from "../support/leaks.js";

test("who is removed in mid-burst hears everything up to that, and nothing after it", {
  timeout: 60_000,
}, async () => {
  assert.deepEqual(await removed(), []);
});

test("what was erased is heard by nobody who comes back", { timeout: 60_000 }, async () => {
  assert.deepEqual(await erased(), []);
});
