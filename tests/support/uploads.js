// People who send files, and a server that is killed under them again and again.
import { createHash, randomBytes } from "node:crypto";
import { readdirSync, watch } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { deflateSync } from "node:zlib";
import { register } from "./api.js";
import { Program } from "./program.js";

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const BOUNDARY = "a-boundary-of-the-tests";
const TUS = { "tus-resumable": "1.0.0" };
export const PIECE = "application/offset+octet-stream";

/** A request whose body goes out slowly, in parts: a server can die in its middle. Throws when the line breaks. */
export function ask(person, method, path, { headers = {}, parts = [], pause = 0 } = {}) {
  return new Promise((answered, broke) => {
    const url = new URL(path, `${person.api.base}`);
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const all = { authorization: `Bearer ${person.api.token}`, "content-length": length, ...headers };
    const sent = request(url, { method, headers: all, agent: false }, async (answer) => {
      try {
        const body = [];
        for await (const piece of answer) body.push(piece);
        answered({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(body) });
      } catch (error) {
        broke(error);
      }
    });
    sent.on("error", broke);
    const closed = new Promise((go) => sent.on("close", go));
    (async () => {
      for (const part of parts) {
        if (sent.destroyed) return;
        if (!sent.write(part)) await Promise.race([new Promise((go) => sent.once("drain", go)), closed]);
        if (pause) await wait(Math.random() * pause);
      }
      sent.end();
    })();
  });
}

const slices = (bytes, size) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

/** The parts of a form with one file. */
export function form(name, bytes, size = 64 << 10) {
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n`;
  return {
    headers: { "content-type": `multipart/form-data; boundary=${BOUNDARY}` },
    parts: [Buffer.from(head), ...slices(bytes, size), Buffer.from(`\r\n--${BOUNDARY}--\r\n`)],
  };
}

/** Announces a file that comes in pieces, and answers its path. */
export async function begin(person, name, size) {
  const metadata = `filename ${Buffer.from(name).toString("base64")}`;
  const headers = { ...TUS, "upload-length": size, "upload-metadata": metadata };
  const answer = await ask(person, "POST", "files", { headers });
  return answer.status === 201 ? answer.headers.location : fail(answer);
}

/** Sends bytes from `offset` on. */
export const piece = (person, path, offset, bytes, pause) =>
  ask(person, "PATCH", path, {
    headers: { ...TUS, "content-type": PIECE, "upload-offset": offset },
    parts: slices(bytes, 32 << 10),
    pause,
  });

/** How much of an upload is there. */
export async function offset(person, path) {
  const answer = await ask(person, "HEAD", path, { headers: TUS });
  return answer.status === 200 ? Number(answer.headers["upload-offset"]) : fail(answer);
}

/** What became of an upload. */
export async function became(person, path) {
  const answer = await ask(person, "GET", path);
  return answer.status === 200 ? JSON.parse(answer.body).file : fail(answer);
}

function fail({ status, body }) {
  throw Object.assign(new Error(`${status} ${body}`), { status });
}

/** Everything below a folder, as paths from there. */
export const below = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

/** A PNG that no other is like. */
export function png(side = 256) {
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const frame = Buffer.alloc(8 + body.length);
    frame.writeUInt32BE(data.length);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc32(body), 4 + body.length);
    return frame;
  };
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  const rows = randomBytes(side * (side + 1));
  for (let y = 0; y < side; y += 1) rows[y * (side + 1)] = 0;
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** CRC-32 as PNG has it, ISO 3309. */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** Moments at which the program is killed. Each answers when it has come. */
const MOMENTS = {
  /** Somewhere. */
  any: () => wait(20 + Math.random() * 250),
  /** Bytes are just being written to a part. */
  middle: (data) =>
    event(join(data, "uploads"), (kind, name) => kind === "change" && /\.(part|tmp)$/.test(name)),
  /** A part is whole and is being put: a folder is made for it. Its row follows after some syncs. */
  put: async (data) => {
    await event(join(data, "files"), (_, name) => name.length === 2);
    await wait(Math.random() * 12);
  },
};

function event(folder, wanted) {
  return new Promise((come) => {
    // Where nothing happens for so long, any moment is as good.
    const late = setTimeout(done, 3_000);
    const watcher = watch(folder, (kind, name) => wanted(kind, name ?? "") && done());
    function done() {
      clearTimeout(late);
      watcher.close();
      come();
    }
  });
}

/**
 * Lets `senders` send files, in forms and in pieces, while the server is killed `kills` times. Answers the program,
 * which runs, with what came of it: `sent` is what was acknowledged, as `{person, id, name, hash, size}`, `begun` all that
 * anybody ever sent, by name; `resumed` how many uploads went on in the middle of a piece.
 */
export async function storm({ senders = 6, kills = 15, patience = 60_000, program: options = {} } = {}) {
  const program = await Program.start(options);
  const sending = { on: true, over: false, resumed: 0, sent: [], begun: new Map(), wrongs: [] };
  const people = [];
  try {
    for (let n = 0; n < senders; n += 1) people.push(await register(program.url, `p${n}`, `Person ${n}`));
    const work = Promise.all(people.map((person, n) => send(person, n, sending)));
    const moments = Object.values(MOMENTS);
    for (let kill = 0; kill < kills; kill += 1) {
      await moments[kill % moments.length](program.data);
      await program.kill();
      await program.up();
      await wait(Math.random() * 200);
    }
    sending.on = false;
    const stuck = wait(patience, "senders are stuck: a file is never taken", { ref: false });
    const wrong = await Promise.race([work.then(() => null), stuck]);
    if (wrong) sending.wrongs.push(wrong);
    return { program, people, ...sending };
  } catch (error) {
    await program.close();
    throw error;
  } finally {
    sending.over = true;
  }
}

/** One person, who sends one file after the other, each again and again until it is acknowledged. */
async function send(person, who, sending) {
  for (let n = 0; sending.on; n += 1) {
    const how = (who + n) % 3;
    const picture = how === 2;
    const bytes = picture ? png() : randomBytes(1 + Math.floor(Math.random() * 1_500_000));
    const name = `${person.username}-${n}.${picture ? "png" : "bin"}`;
    const file = { person, name, hash: sha256(bytes), size: bytes.length, picture };
    sending.begun.set(name, file);
    const id = await (how === 0 ? whole : inPieces)(person, name, bytes, sending).catch((error) => {
      sending.wrongs.push(`${name}: ${error.stack}`);
    });
    if (id) sending.sent.push({ ...file, id });
  }
}

async function whole(person, name, bytes, sending) {
  while (!sending.over) {
    const answer = await ask(person, "POST", "files", { ...form(name, bytes), pause: 4 }).catch(() => null);
    if (answer?.status === 201) return JSON.parse(answer.body).id;
    if (answer && answer.status < 500) fail(answer);
    await wait(10 + Math.random() * 20);
  }
}

/** Goes on where the server says; what it once acknowledged it must still have. */
async function inPieces(person, name, bytes, sending) {
  const step = 100_000 + Math.floor(Math.random() * 400_000);
  const again = async (act) => {
    while (!sending.over) {
      try {
        return await act();
      } catch (error) {
        if (error.status && error.status < 500) throw error;
        await wait(10 + Math.random() * 20);
      }
    }
    throw new Error("not acknowledged before the end");
  };
  const path = await again(() => begin(person, name, bytes.length));
  let [at, acked] = [0, 0];
  for (;;) {
    const answer = await piece(person, path, at, bytes.subarray(at, at + step), 4).catch(() => null);
    if (answer?.status === 204) {
      at = Number(answer.headers["upload-offset"]);
      acked = at;
    } else {
      // 409: what came before the line broke was still being written.
      if (answer && answer.status < 500 && answer.status !== 409) fail(answer);
      at = await again(() => offset(person, path));
      if (at < acked) throw new Error(`${acked} bytes were acknowledged, ${at} are there`);
      if (at > acked) sending.resumed += 1;
    }
    const file = at === bytes.length && (await again(() => became(person, path)));
    if (file) return file.id;
  }
}
