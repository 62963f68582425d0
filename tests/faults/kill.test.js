import assert from "node:assert/strict";
import { test } from "node:test";
import { storm } from "../support/storm.js";

test("20 writers, 30 times SIGKILL: what was acknowledged is there once, and every copy is the log", {
  timeout: 300_000,
}, async (t) => {
  const { wrongs, messages } = await storm();
  assert.deepEqual(wrongs.slice(0, 10), []);
  assert.ok(messages > 100, `${messages} messages`);
  t.diagnostic(`${messages} messages were acknowledged`);
});
