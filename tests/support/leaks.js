// What somebody must not hear any more: after a removal, and of words that were erased. Answers what was wrong.
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { register } from "./api.js";
import { wholeLog } from "./check.js";
import { eventually } from "./eventually.js";
import { Follower } from "./follower.js";
import { Program } from "./program.js";

async function withTwo(options, run) {
  const program = await Program.start(options);
  try {
    const ana = await register(program.url, "ana", "Ana");
    const bo = await register(program.url, "bo", "Bo");
    return await run(program, ana, bo);
  } finally {
    await program.close();
  }
}

/** Bo is removed again and again in the midst of a burst; he may hear of each room up to that, and nothing after it. */
export const removed = (options) =>
  withTwo(options, async (program, ana, bo) => {
    const wrongs = [];
    for (let round = 0; round < 10; round += 1) {
      const { id: room } = await ana.api.post("rooms", { name: `Round ${round}`, private: true });
      await ana.api.post(`rooms/${room}/members`, { user: bo.user.id });
      const follower = new Follower(program, bo.api.token, [room]);
      await follower.open();
      const burst = Array.from({ length: 40 }, (_, n) => ana.api.say(room, `burst ${n}`));
      await wait(Math.random() * 10);
      await ana.api.delete(`rooms/${room}/members/${bo.user.id}`);
      // The answer is there: from here on Bo's socket hears nothing of the room.
      await ana.api.say(room, "now that he is gone");
      await Promise.all(burst);
      const log = await wholeLog(ana.api, room);
      const end = log.find(({ kind }) => kind === "left").seq;
      const late = Date.now() + 5_000;
      while (follower.copies.get(room).length < end && Date.now() < late) await wait(5);
      // A sign of life after everything else: whatever was to come has come.
      await follower.pong();
      const copy = follower.copies.get(room);
      if (copy.length < end) wrongs.push(`round ${round}: he heard ${copy.length} events of ${end}`);
      if (copy.length > end)
        wrongs.push(`round ${round}: he heard ${JSON.stringify(copy[end])} after ${end}`);
      if (!follower.gone.has(room)) wrongs.push(`round ${round}: he was not told that the room is gone`);
      wrongs.push(...follower.wrongs);
      follower.close();
    }
    return wrongs;
  });

/** Ana erases what she said while Bo is away; coming back, he hears that there was something, and not what. */
export const erased = (options) =>
  withTwo(options, async (program, ana, bo) => {
    const { id: room } = await ana.api.post("rooms", { name: "Secrets" });
    await bo.api.post(`rooms/${room}/members`);
    // Somebody listens, so that the room's newest events are held in memory.
    const listener = new Follower(program, ana.api.token, [room]);
    await listener.open();
    // Bo has everything up to here: what he misses from now on comes from memory, not from the log.
    const before = new Follower(program, bo.api.token, [room]);
    await before.open();
    const { head: held } = await ana.api.get(`rooms/${room}/events?after=0`);
    await eventually(() => assert.equal(before.copies.get(room).length, held));
    before.close();
    const { seq } = await ana.api.say(room, "the canary");
    await ana.api.patch(`rooms/${room}/messages/${seq}`, { text: "the canary, edited" });
    await ana.api.delete(`rooms/${room}/messages/${seq}`);
    const { head } = await ana.api.get(`rooms/${room}/events?after=0`);
    const late = Date.now() + 5_000;
    while (listener.copies.get(room).length < head && Date.now() < late) await wait(5);

    const back = new Follower(program, bo.api.token, [room]);
    back.copies.set(room, before.copies.get(room));
    back.epoch = before.epoch;
    await back.open();
    while (back.copies.get(room).length < head && Date.now() < late) await wait(5);
    const heard = JSON.stringify([...back.copies.get(room), ...(await wholeLog(bo.api, room))]);
    const wrongs = [...listener.wrongs, ...back.wrongs];
    if (back.copies.get(room).length < head) wrongs.push("he did not catch up");
    if (heard.includes("canary")) wrongs.push(`he heard the canary: ${heard}`);
    listener.close();
    back.close();
    return wrongs;
  });
