import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { SentFile, ServerFrame } from "../wire/types";
import { feed } from "./feed.svelte";
import { Files } from "./files.svelte";

const file = (id: number, room = 7): SentFile => ({
  id,
  room,
  seq: id,
  author: 2,
  at: "2026-11-20T10:00:00.000Z",
  name: `${id}.zip`,
  type: "application/zip",
  size: 1,
});
/** Calls of the server that wait for their answer. */
let asked: { url: string; answer: (files: SentFile[], next?: string) => void; fail: () => void }[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  vi.stubGlobal("fetch", (url: string) => {
    return new Promise((resolve, reject) => {
      asked.push({
        url,
        answer: (files, next) => resolve(new Response(JSON.stringify({ files, ...(next && { next }) }))),
        fail: () => reject(new TypeError("no line")),
      });
    });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = () => vi.advanceTimersByTimeAsync(300);
const ids = (files: Files) => files.list.map(({ id }) => id);
const sent = (room: number, seq: number) =>
  ({ t: "event", kind: "message", room, seq, files: [file(seq, room)] }) as unknown as ServerFrame;
const deleted = (room: number, target: number) =>
  ({ t: "event", kind: "deleted", room, seq: 99, target }) as unknown as ServerFrame;

async function opened(room?: number): Promise<Files> {
  const files = new Files(room);
  void files.find({});
  asked.shift()!.answer([file(3), file(2)], "c");
  await settle();
  return files;
}

it("asks page by page, and names what narrows it", async () => {
  const files = new Files(7);
  void files.find({ q: "gard", kind: "media", user: 2 });
  expect(asked[0]!.url).toBe("/api/v1/rooms/7/files?q=gard&kind=media&user=2&limit=60");
  asked.shift()!.answer([file(3), file(2)], "c");
  await settle();
  expect(files.done).toBe(false);
  void files.more();
  void files.more();
  expect(asked).toHaveLength(1);
  expect(asked[0]!.url).toContain("cursor=c");
  asked.shift()!.answer([file(2), file(1)]);
  await settle();
  expect(ids(files)).toEqual([3, 2, 1]);
  expect(files.done).toBe(true);
  await files.more();
  expect(asked).toHaveLength(0);
});

it("drops the answer to what one no longer asks", async () => {
  const files = new Files();
  void files.find({ q: "g" });
  void files.find({ q: "ga" });
  asked[1]!.answer([file(2)]);
  await settle();
  asked[0]!.answer([file(1)]);
  await settle();
  expect(ids(files)).toEqual([2]);
});

it("says what went wrong, keeps what is there, and tries again from there", async () => {
  const files = await opened();
  void files.more();
  asked.shift()!.fail();
  await settle();
  expect(files.wrong).not.toBe("");
  expect(ids(files)).toEqual([3, 2]);
  void files.again();
  asked.shift()!.answer([file(1)]);
  await settle();
  expect(files.wrong).toBe("");
  expect(ids(files)).toEqual([3, 2, 1]);
});

it("puts on top what is sent, takes away what is deleted, in its own room only", async () => {
  const files = await opened(7);
  files.take(sent(8, 9));
  files.take(deleted(8, 3));
  await settle();
  expect(asked).toHaveLength(0);
  files.take(sent(7, 4));
  files.take(sent(7, 5));
  await settle();
  expect(asked).toHaveLength(1);
  asked.shift()!.answer([file(5), file(4), file(3)]);
  await settle();
  expect(ids(files)).toEqual([5, 4, 3, 2]);
  files.take(deleted(7, 4));
  expect(ids(files)).toEqual([5, 3, 2]);
});

it("brings back nothing that was deleted while it asked", async () => {
  const files = await opened(7);
  files.take(sent(7, 4));
  await settle();
  feed.take(deleted(7, 4));
  asked.shift()!.answer([file(4), file(3), file(2)]);
  await settle();
  asked.shift()!.answer([file(3), file(2)]);
  await settle();
  expect(ids(files)).toEqual([3, 2]);
});

it("keeps still while one looks further down", async () => {
  const files = await opened();
  files.still = true;
  files.take(sent(7, 4));
  await settle();
  expect(asked).toHaveLength(0);
  files.top();
  await settle();
  asked.shift()!.answer([file(4), file(3)]);
  await settle();
  expect(ids(files)).toEqual([4, 3, 2]);
});

it("forgets a room that one is no longer in", async () => {
  const files = await opened();
  files.take({ t: "gone", room: 7 });
  expect(ids(files)).toEqual([]);
});
