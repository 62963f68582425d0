// A checker is proven before it is trusted: a build of the program with bugs on purpose, and each must be found.
import assert from "node:assert/strict";
import { test } from "node:test";
import { erased, removed } from "../support/leaks.js";
import { binary } from "../support/program.js";
import { files, read } from "../support/sources.js";
import { storm } from "../support/storm.js";
import { synced } from "../support/synced.js";
import * as uploads from "../support/uploads.js";

const stormy = async (program) =>
  (await storm({ program, writers: 20, readers: 2, kills: 6, patience: 6_000 })).wrongs;

async function sending(options) {
  const { program, wrongs } = await uploads.storm({ program: options, kills: 12 });
  await program.close();
  return wrongs;
}

const FINDERS = {
  ack_before_commit: stormy,
  dropped_retry_check: stormy,
  skipped_seq: stormy,
  subscribing_after_asking: stormy,
  synchronous_normal: synced,
  removal_not_in_band: removed,
  erased_in_tail: erased,
  part_moved: sending,
};
/** No bug: every wake-up is lost, and everything still comes right. */
const HARMLESS = ["hints_dropped"];

const planted = (bug) => ({ path: binary("debug", "parlour-planted"), env: { PARLOUR_PLANTED: bug } });

test("every bug that can be planted has a finder", () => {
  const sources = files("crates", /\.rs$/).map(read).join("\n");
  const bugs = new Set([...sources.matchAll(/planted::has\("(\w+)"\)/g)].map(([, bug]) => bug));
  assert.deepEqual([...bugs].sort(), [...Object.keys(FINDERS), ...HARMLESS].sort());
});

for (const [bug, find] of Object.entries(FINDERS)) {
  test(`${bug} is found`, { timeout: 180_000 }, async (t) => {
    // Some need a kill at the right moment, which every second storm has: twelve of them at most.
    for (let turn = 1; turn <= 12; turn += 1) {
      const [wrong] = await find(planted(bug));
      if (wrong) return t.diagnostic(`turn ${turn}: ${wrong}`);
    }
    assert.fail(`${bug} was not found`);
  });
}

for (const loss of HARMLESS) {
  test(`${loss}: everything still comes right`, { timeout: 180_000 }, async () => {
    const { wrongs } = await storm({ program: planted(loss), writers: 6, kills: 3 });
    assert.deepEqual(wrongs, []);
  });
}
