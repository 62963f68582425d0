import assert from "node:assert/strict";
import { test } from "node:test";
import { Postgres } from "../support/postgres.js";
import { storm } from "../support/storm.js";

async function check(t, options) {
  const { wrongs, messages } = await storm(options);
  assert.deepEqual(wrongs.slice(0, 10), []);
  assert.ok(messages > 100, `${messages} messages`);
  t.diagnostic(`${messages} messages were acknowledged`);
}

test(
  "20 writers, 30 times SIGKILL: what was acknowledged is there once, and every copy is the log",
  {
    timeout: 300_000,
  },
  (t) => check(t, {}),
);

test("the same on PostgreSQL, by TLS", { timeout: 300_000 }, async (t) => {
  const postgres = await Postgres.start();
  try {
    await check(t, { program: { env: { PARLOUR_DATABASE: postgres.url } } });
  } finally {
    await postgres.close();
  }
});
