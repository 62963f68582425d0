import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Desk } from "./desk";
import { drafts } from "./drafts.svelte";

const ROOM = 7;
let desk: Desk;
/** Saves that wait for their answer. */
let asked: { text: string; answer: (status?: number, wait?: number) => Promise<unknown> }[] = [];
const texts = () => asked.map(({ text }) => text);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  desk = { id: ROOM, title: "", joined: true, draft: "", quote: null, keepUnread: false } as Desk;
  drafts.start(1);
  asked = [];
  vi.stubGlobal("fetch", (_: string, { body }: { body: string }) => {
    return new Promise((resolve) => {
      const answer = (status = 204, wait = 0) => {
        resolve(new Response(null, { status, headers: wait ? { "retry-after": `${wait}` } : {} }));
        return vi.advanceTimersByTimeAsync(0);
      };
      asked.push({ text: JSON.parse(body).text, answer });
    });
  });
});
afterEach(async () => {
  await asked.at(-1)?.answer();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function write(text: string): Promise<void> {
  drafts.write(desk, text);
  await vi.advanceTimersByTimeAsync(2000);
}

it("saves one at a time, and then only the newest", async () => {
  await write("soon");
  await write("soon sent");
  await write("");
  expect(texts()).toEqual(["soon"]);
  await asked[0]!.answer();
  expect(texts()).toEqual(["soon", ""]);
  await asked[1]!.answer();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(texts()).toEqual(["soon", ""]);
  expect(drafts.kept(ROOM)).toBeNull();
});

it("tries again what the server was too busy for, when it says", async () => {
  await write("words");
  await asked[0]!.answer(503, 5);
  await vi.advanceTimersByTimeAsync(4900);
  expect(texts()).toEqual(["words"]);
  await vi.advanceTimersByTimeAsync(200);
  expect(texts()).toEqual(["words", "words"]);
  await asked[1]!.answer(500);
  await write("other words");
  expect(texts()).toEqual(["words", "words", "other words"]);
  await asked[2]!.answer();
  expect(drafts.kept(ROOM)).toBeNull();
});

it("leaves what is refused in this browser", async () => {
  await write("words");
  await asked[0]!.answer(400);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(texts()).toEqual(["words"]);
  expect(drafts.kept(ROOM)).toBe("words");
});

it("keeps here what is longer than a message may be, and saves it once it fits", async () => {
  await write("é".repeat(8193));
  expect(texts()).toEqual([]);
  expect(drafts.kept(ROOM)).toHaveLength(8193);
  await write("é".repeat(8192));
  expect(asked).toHaveLength(1);
});
