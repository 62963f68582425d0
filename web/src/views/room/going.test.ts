import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { going, UNDO } from "./going.svelte";

let asked: [string, RequestInit][] = [];
beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    asked.push([path, init]);
    return new Response(null, { status: 204 });
  });
});
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

test("the server is told after five seconds, and not before", async () => {
  going.delete(7, [41]);
  expect(going.at(7, 41)?.told).toBe(false);
  await vi.advanceTimersByTimeAsync(UNDO - 1);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked.map(([path, { method }]) => [method, path])).toEqual([
    ["DELETE", "/api/v1/rooms/7/messages/41"],
  ]);
  expect(going.at(7, 41)?.told).toBe(true);
});

test("what is taken back in time is never told; several come back together", async () => {
  going.delete(7, [42, 43]);
  going.delete(7, [44]);
  going.undo(going.at(7, 43)!);
  expect(going.at(7, 42)).toBeUndefined();
  expect(going.at(7, 44)).toBeDefined();
  expect(going.undoLast()).toBe(true);
  expect(going.undoLast()).toBe(false);
  await vi.advanceTimersByTimeAsync(UNDO * 2);
  expect(asked).toEqual([]);
});

test("a page that goes tells at once, by requests that outlive it, and once only", async () => {
  going.delete(7, [45, 46]);
  dispatchEvent(new Event("pagehide"));
  expect(asked.map(([path, { keepalive }]) => [path, keepalive])).toEqual([
    ["/api/v1/rooms/7/messages/45", true],
    ["/api/v1/rooms/7/messages/46", true],
  ]);
  dispatchEvent(new Event("pagehide"));
  await vi.advanceTimersByTimeAsync(UNDO * 2);
  expect(asked).toHaveLength(2);
});

test("what the server refuses to delete stands there again", async () => {
  vi.stubGlobal("fetch", async () =>
    Response.json({ code: "forbidden", detail: "It is not yours." }, { status: 403 }),
  );
  going.delete(7, [47]);
  await vi.advanceTimersByTimeAsync(UNDO);
  expect(going.at(7, 47)).toBeUndefined();
});
