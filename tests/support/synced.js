// Runs the program under strace, sends messages one by one, and answers what was acknowledged before it was on the disk.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { register } from "./api.js";
import { eventually } from "./eventually.js";
import { Follower } from "./follower.js";
import { Program } from "./program.js";
import { unsynced } from "./trace.js";

export async function synced(options = {}) {
  const folder = await mkdtemp(join(tmpdir(), "parlour-trace-"));
  const file = join(folder, "trace");
  const watched = "trace=fsync,fdatasync,sync_file_range,pwrite64,pwritev,write,writev,sendto,sendmsg";
  // -D: the program is our child and strace watches it from aside, so that our signals reach the program.
  const under = ["strace", "-D", "-f", "-q", "-s", "40000", "-e", watched, "-e", "signal=none", "-o", file];
  const program = await Program.start({ ...options, under });
  try {
    const ana = await register(program.url, "ana", "Ana");
    const { rooms } = await ana.api.get("rooms");
    const room = rooms[0].id;
    const follower = new Follower(program, ana.api.token, []);
    await follower.open();
    const texts = [];
    for (let n = 1; n <= 10; n += 1) {
      const id = `traced-by-socket-${n}`;
      const acked = new Promise((done) => {
        follower.onack = done;
      });
      follower.send(room, id, `words of socket ${n}.`);
      await acked;
      texts.push({
        text: `words of socket ${n}.`,
        answer: String.raw`\"t\":\"ack\",\"client_id\":\"${id}\"`,
      });

      await ana.api.say(room, `words of http ${n}.`, {
        client_id: `traced-by-http-${n}`,
      });
      texts.push({
        text: `words of http ${n}.`,
        answer: String.raw`\"client_id\":\"traced-by-http-${n}\"`,
      });
    }
    follower.close();
    const { pid } = program.child;
    await program.stop();
    const trace = await eventually(async () => {
      const trace = await readFile(file, "utf8");
      assert.match(trace, new RegExp(`^${pid} +\\+\\+\\+ (exited|killed)`, "m"));
      return trace;
    });
    return unsynced(trace, texts);
  } finally {
    await program.close();
    await rm(folder, { recursive: true, force: true });
  }
}
