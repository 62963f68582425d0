// A file on its way to the server, in pieces, so that a broken line costs nothing: tus 1.0.0
// (https://tus.io/protocols/resumable-upload) over XMLHttpRequest, the only one that tells how far a piece is.
//   upload(sending)   goes on until the server has all of it, and answers what became of it
//   giveUp(id)        drops what was begun
// It throws ApiError for what no waiting cures, and the signal's reason when it is stopped: go on later with the same `id`.

import { ApiError, passes, refusal } from "./api";
import type { FileInfo, Hints, Upload } from "./types";

export type Sending = {
  bytes: Blob;
  name: string;
  hints: Hints;
  /** The upload that was begun before. */
  id?: string | undefined;
  /** It has an id now (or none any more): to be kept, so that another page can go on with it. */
  begun: (id: string | undefined) => void;
  /** So many bytes are there, or nearly. */
  sent: (bytes: number) => void;
  /** Resolves when it is worth another try; `least` is what the server asked for. */
  rest: (tries: number, least: number) => Promise<void>;
  signal: AbortSignal;
};

const FIRST = 1 << 20;
const SMALLEST = 256 << 10;
const LARGEST = 16 << 20;
/** How long a piece should take: what a proxy that swallows whole requests may lose. */
const AIM = 4_000;
/** Nothing moved for so long: the line is dead, whatever the browser says of it. */
const STALLED = 30_000;
/** After the last byte the server checks and measures. */
const ANSWER_WITHIN = 90_000;
/** In a row, without a byte of progress. */
const MOST_LOST = 4;
/** Answers that waiting does not cure are tried so often; a line that is gone, for ever. */
const MOST_BROKEN = 8;

const path = (id: string) => `/api/v1/uploads/${id}`;

export async function upload(it: Sending): Promise<FileInfo> {
  const { signal, bytes } = it;
  let { id } = it;
  /** What the server holds; unknown until it was asked. */
  let offset: number | undefined;
  let length = FIRST;
  let tries = 0;
  let lost = 0;

  async function go(): Promise<FileInfo> {
    if (id === undefined) {
      id = await create(it);
      offset = 0;
      it.begun(id);
    }
    offset ??= await where(id, signal);
    it.sent(offset);
    while (offset < bytes.size) {
      const from = offset;
      const began = performance.now();
      const piece = bytes.slice(from, from + length);
      offset = await patch(id, from, piece, (n) => it.sent(from + n), signal);
      it.sent(offset);
      tries = lost = 0;
      length = fitting(piece.size, performance.now() - began, length);
    }
    const file = await outcome(id, signal);
    if (file) return file;
    // All of it is there, and nothing was made of it yet: an empty piece asks for that.
    await patch(id, offset, bytes.slice(offset), () => undefined, signal);
    const made = await outcome(id, signal);
    if (!made) throw new ApiError("busy", "");
    return made;
  }

  for (;;) {
    signal.throwIfAborted();
    try {
      return await go();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ApiError)) throw error;
      offset = undefined;
      if (error.status === 404 || error.status === 410) {
        // It waited for too long, or the server was set back: from the start, under another name.
        if (++lost > MOST_LOST) throw error;
        id = undefined;
        it.begun(undefined);
      } else if (error.code === "wrong_offset" || error.status === 423) {
        // An older piece of it is still under way: ask where it ended.
        if (++lost > 1) await rest(tries++, 0);
      } else if (passes(error.code) && (error.code !== "internal" || tries < MOST_BROKEN)) {
        await rest(tries++, error.retryAfterMs ?? 0);
      } else {
        throw error;
      }
    }
  }

  function rest(after: number, least: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => resolve();
      signal.addEventListener("abort", stop);
      const over = () => signal.removeEventListener("abort", stop);
      it.rest(after, least).finally(over).then(resolve, reject);
    });
  }
}

/** That it did not reach the server is no harm: what is not finished goes by itself after a day. */
export async function giveUp(id: string): Promise<void> {
  await ask("DELETE", path(id), {}).catch(() => undefined);
}

async function create({ bytes, name, hints, signal }: Sending): Promise<string> {
  const said = { filename: name, ...(Object.keys(hints).length > 0 && { hints: JSON.stringify(hints) }) };
  const metadata = Object.entries(said).map(([key, value]) => `${key} ${base64(value)}`);
  const answer = await ask(
    "POST",
    "/api/v1/files",
    { "Upload-Length": String(bytes.size), "Upload-Metadata": metadata.join(",") },
    { signal },
  );
  const id = answer.headers.get("location")?.split("/").at(-1);
  if (!id) throw new ApiError("unavailable", "");
  return id;
}

async function where(id: string, signal: AbortSignal): Promise<number> {
  return offsetOf(await ask("HEAD", path(id), {}, { signal }));
}

async function patch(
  id: string,
  from: number,
  piece: Blob,
  onsent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<number> {
  const headers = { "Upload-Offset": String(from), "Content-Type": "application/offset+octet-stream" };
  return offsetOf(await ask("PATCH", path(id), headers, { body: piece, onsent, signal }));
}

async function outcome(id: string, signal: AbortSignal): Promise<FileInfo | undefined> {
  const answer = await ask("GET", path(id), {}, { signal });
  return ((await answer.json()) as Upload).file;
}

function offsetOf(answer: Response): number {
  const offset = Number(answer.headers.get("upload-offset") ?? Number.NaN);
  if (!Number.isSafeInteger(offset)) throw new ApiError("unavailable", "");
  return offset;
}

/** The next piece: as long as this line carries in a few seconds. */
function fitting(size: number, ms: number, length: number): number {
  // A last piece says little of the line.
  if (size < length) return length;
  const wanted = (size / Math.max(ms, 1)) * AIM;
  return Math.round(Math.min(LARGEST, Math.max(SMALLEST, Math.min(wanted, size * 4))));
}

type More = { body?: Blob; onsent?: (bytes: number) => void; signal?: AbortSignal };

function ask(
  method: string,
  url: string,
  headers: Record<string, string>,
  more: More = {},
): Promise<Response> {
  const { body, onsent, signal } = more;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let watch: ReturnType<typeof setTimeout>;
    const stop = () => request.abort();
    const wait = (ms: number) => {
      clearTimeout(watch);
      watch = setTimeout(stop, ms);
    };
    const over = () => {
      clearTimeout(watch);
      signal?.removeEventListener("abort", stop);
    };
    const lost = () => {
      over();
      reject(signal?.aborted ? signal.reason : new ApiError("offline", ""));
    };
    request.open(method, url);
    for (const [name, value] of Object.entries({ "Tus-Resumable": "1.0.0", ...headers })) {
      request.setRequestHeader(name, value);
    }
    request.onload = () => {
      over();
      const answer = asResponse(request);
      if (answer.ok) resolve(answer);
      else refusal(answer).then(reject, reject);
    };
    request.onerror = request.onabort = lost;
    if (body) {
      request.upload.onprogress = ({ loaded }) => {
        wait(STALLED);
        onsent?.(loaded);
      };
      request.upload.onload = () => wait(ANSWER_WITHIN);
    }
    signal?.addEventListener("abort", stop);
    wait(STALLED);
    request.send(body ?? null);
  });
}

/** So that there is one way to read a refusal. */
function asResponse(request: XMLHttpRequest): Response {
  const { status, responseText } = request;
  const headers = new Headers();
  for (const name of ["location", "upload-offset", "retry-after"]) {
    const value = request.getResponseHeader(name);
    if (value !== null) headers.set(name, value);
  }
  return new Response(status === 204 || responseText === "" ? null : responseText, { status, headers });
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
