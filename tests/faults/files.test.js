// Files, while the program is killed, lines break and the disk is full.
import assert from "node:assert/strict";
import * as child from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import * as tus from "tus-js-client";
import { register } from "../support/api.js";
import { eventually } from "../support/eventually.js";
import { binary, Program } from "../support/program.js";
import { ask, became, begin, below, form, offset, piece, sha256, storm } from "../support/uploads.js";

const execFile = promisify(child.execFile);

/** What is wrong with a file as it is served: all of it, a range, its small picture. */
async function served({ person, id, name, hash, size, picture }) {
  const wrongs = [];
  const path = `files/${id}`;
  const all = await ask(person, "GET", path);
  if (all.status !== 200) return [`${name}: ${all.status} ${all.body}`];
  if (all.body.length !== size || sha256(all.body) !== hash)
    wrongs.push(`${name}: other bytes than were sent`);
  const end = await ask(person, "GET", path, { headers: { range: "bytes=-1" } });
  if (end.status !== 206 || end.headers["content-range"] !== `bytes ${size - 1}-${size - 1}/${size}`)
    wrongs.push(`${name}: its last byte is ${end.status} ${end.headers["content-range"]}`);
  if (!picture) return wrongs;
  const small = await ask(person, "GET", `${path}/thumbnail?w=160`, { headers: { accept: "image/webp" } });
  if (small.status !== 200 || small.body.toString("latin1", 8, 12) !== "WEBP")
    wrongs.push(`${name}: its small picture is ${small.status}`);
  return wrongs;
}

/** Every file that the server knows, whoever was told of it: the answer may have been lost, the bytes may not. */
async function everything(people, begun) {
  const found = [];
  for (let id = 1, last = 1; id < last + 50; id += 1) {
    for (const person of people) {
      const { status, headers } = await ask(person, "HEAD", `files/${id}`);
      if (status !== 200) continue;
      const [, name] = /filename="([^"]+)"/.exec(headers["content-disposition"]);
      found.push({ ...begun.get(name), person, id, key: JSON.parse(headers.etag) });
      last = id;
      break;
    }
  }
  return found;
}

test("6 people send files, 15 times SIGKILL: each that was taken is whole, nothing of the others is left", {
  timeout: 300_000,
}, async (t) => {
  const { program, people, sent, begun, resumed, wrongs } = await storm();
  try {
    assert.deepEqual(wrongs.slice(0, 10), []);
    assert.ok(sent.length > 12, `${sent.length} files`);
    assert.ok(resumed > 0, "some uploads went on in the middle of a piece");
    const known = await everything(people, begun);
    const ids = new Set(known.map(({ id }) => id));
    assert.deepEqual(
      sent.filter(({ id }) => !ids.has(id)).map(({ name }) => name),
      [],
      "every file that was acknowledged is there",
    );
    const broken = [];
    for (const file of known) broken.push(...(await served(file)));
    assert.deepEqual(broken, []);

    const rows = new Set(known.map(({ key }) => key));
    const originals = below(join(program.data, "files")).filter((path) => !path.includes("."));
    const orphans = originals.filter((path) => !rows.has(basename(path)));

    // Some stay in a message, all else was never sent; and two never came to their end.
    const kept = sent.filter((_, n) => n % 3 === 0);
    for (const { person, id } of kept) {
      const { rooms } = await person.api.get("rooms");
      await person.api.say(rooms[0].id, "A file.", { client_id: `file-${id}`, files: [id] });
    }
    const given = await begin(people[0], "given-up.bin", 1_000_000);
    await piece(people[0], given, 0, randomBytes(300_000));
    await begin(people[1], "never-begun.bin", 1_000_000);
    assert.equal(await offset(people[0], given), 300_000);

    await sweep(program);
    assert.deepEqual(below(join(program.data, "uploads")), [], "nothing is on its way any more");
    const keys = new Set(known.filter(({ id }) => kept.some((file) => file.id === id)).map(({ key }) => key));
    const left = below(join(program.data, "files")).map((path) => basename(path));
    assert.deepEqual(
      left.filter((name) => !keys.has(name.split(".")[0])),
      [],
      "no bytes are left that no message holds",
    );
    for (const file of kept) broken.push(...(await served(file)));
    assert.deepEqual(broken, []);
    t.diagnostic(`${sent.length} files were acknowledged, ${known.length} are known`);
    t.diagnostic(
      `${resumed} went on in the middle of a piece, ${orphans.length} were put and had no row yet`,
    );
  } finally {
    await program.close();
  }
});

/** Has everything swept that no message holds, as if all of it had been there for long. */
async function sweep(program) {
  await program.stop();
  // What is younger than an hour may be at work, and is left alone.
  const then = new Date(Date.now() - 2 * 3_600_000);
  for (const folder of ["uploads", "files"]) {
    for (const path of below(join(program.data, folder)))
      utimesSync(join(program.data, folder, path), then, then);
  }
  program.env.PARLOUR_LIMIT_UNSENT_MS = "1";
  await program.up();
  const env = { ...process.env, ...program.env };
  await execFile(binary(), ["sweep", "--data", program.data], { env });
}

/** A line to the program that breaks after every `most` bytes that went up. */
async function brokenLine(program, most) {
  const line = createServer((client) => {
    const server = connect(program.port, "127.0.0.1");
    let left = most;
    const cut = () => {
      client.destroy();
      server.destroy();
    };
    client.on("data", (bytes) => {
      left -= bytes.length;
      if (left >= 0) return server.write(bytes);
      line.broken += 1;
      server.write(bytes.subarray(0, bytes.length + left), cut);
    });
    server.pipe(client);
    client.on("error", cut).on("close", cut);
    server.on("error", cut).on("close", cut);
  }).listen(0, "127.0.0.1");
  line.broken = 0;
  await once(line, "listening");
  line.url = `http://127.0.0.1:${line.address().port}`;
  return line;
}

test("a client of somebody else goes on after each break of its line", { timeout: 120_000 }, async (t) => {
  const program = await Program.start();
  const line = await brokenLine(program, 700_000);
  try {
    const ana = await register(program.url, "ana", "Ana");
    for (const chunkSize of [Number.POSITIVE_INFINITY, 300_000]) {
      const bytes = randomBytes(5_000_000);
      let killed = chunkSize < bytes.length;
      const upload = await new Promise((done, failed) => {
        const upload = new tus.Upload(bytes, {
          endpoint: `${line.url}/api/v1/files`,
          headers: { authorization: `Bearer ${ana.api.token}` },
          metadata: { filename: "Über den Zaun.bin" },
          chunkSize,
          retryDelays: Array(50).fill(50),
          onError: failed,
          onSuccess: () => done(upload),
          onProgress: async (sent) => {
            if (killed || sent < 2_000_000) return;
            killed = true;
            await program.kill();
            await program.up();
          },
        });
        upload.start();
      });
      const file = await became(ana, new URL(upload.url).pathname);
      assert.equal(file.name, "Über den Zaun.bin");
      const wrongs = await served({
        person: ana,
        id: file.id,
        name: file.name,
        hash: sha256(bytes),
        size: bytes.length,
      });
      assert.deepEqual(wrongs, []);
    }
    assert.ok(line.broken >= 10, `${line.broken} breaks`);
    t.diagnostic(`the line broke ${line.broken} times`);

    const gone = await begin(ana, "gone.bin", 10);
    await tus.Upload.terminate(program.url + gone, {
      headers: { authorization: `Bearer ${ana.api.token}` },
    });
    await assert.rejects(offset(ana, gone), /404/);
  } finally {
    line.close();
    await program.close();
  }
});

/** By `sudo` where these tests run as somebody else; `bin/test` has asked for the password. */
function asRoot(...command) {
  const [program, ...args] = process.getuid() === 0 ? command : ["sudo", "-n", ...command];
  child.execFileSync(program, args, { stdio: "pipe" });
}

/** A file system in memory that is soon full, where the program keeps its files. */
function smallDisk() {
  const folder = mkdtempSync(join(tmpdir(), "parlour-small-"));
  try {
    asRoot("mount", "-t", "tmpfs", "-o", "size=8m,mode=0777", "tmpfs", folder);
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw new Error(`This test needs root, to mount a small file system that can be full: ${error.stderr}`);
  }
  for (const name of ["uploads", "files"]) mkdirSync(join(folder, name));
  return {
    folder,
    prepare(data) {
      for (const name of ["uploads", "files"]) symlinkSync(join(folder, name), join(data, name));
    },
    close() {
      asRoot("umount", "-l", folder);
      rmSync(folder, { recursive: true });
    },
  };
}

test("a disk that is full in mid-upload: refused, nothing left of it, and all else goes on", {
  timeout: 60_000,
}, async () => {
  const disk = smallDisk();
  const program = await Program.start({ prepare: disk.prepare }).catch((error) => {
    disk.close();
    throw error;
  });
  try {
    const ana = await register(program.url, "ana", "Ana");
    const { rooms } = await ana.api.get("rooms");
    const first = randomBytes(3_000_000);
    const kept = await ask(ana, "POST", "files", form("kept.bin", first));
    assert.equal(kept.status, 201, String(kept.body));
    const { id } = JSON.parse(kept.body);
    const before = below(disk.folder);

    const large = randomBytes(6_000_000);
    const uploads = join(disk.folder, "uploads");
    for (let turn = 0; turn < 2; turn += 1) {
      const whole = await ask(ana, "POST", "files", form("large.bin", large));
      assert.equal(whole.status, 507);
      assert.equal(JSON.parse(whole.body).code, "storage_full");
      await eventually(() => assert.deepEqual(below(uploads), []));

      const path = await begin(ana, "large.bin", large.length);
      const half = await piece(ana, path, 0, large.subarray(0, 3_000_000));
      assert.equal(half.status, 204, String(half.body));
      const rest = await piece(ana, path, 3_000_000, large.subarray(3_000_000));
      assert.equal(rest.status, 507);
      assert.equal(JSON.parse(rest.body).code, "storage_full");
      await eventually(() => assert.deepEqual(below(uploads), []));
      await assert.rejects(offset(ana, path), /404/);
    }

    await ana.api.say(rooms[0].id, "The disk is full.", { client_id: `full` });
    assert.deepEqual(
      await served({ person: ana, id, name: "kept.bin", hash: sha256(first), size: first.length }),
      [],
    );
    assert.deepEqual(below(disk.folder), before);

    await ana.api.delete(`files/${id}`);
    const whole = await ask(ana, "POST", "files", form("large.bin", large));
    assert.equal(whole.status, 201, String(whole.body));
    const file = JSON.parse(whole.body);
    assert.deepEqual(
      await served({ person: ana, id: file.id, name: "large.bin", hash: sha256(large), size: large.length }),
      [],
    );
  } finally {
    await program.close();
    disk.close();
  }
});
