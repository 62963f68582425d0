import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { feed } from "../../state/feed.svelte";
import { reacted } from "../../state/reacted.svelte";
import { self } from "../../state/self.svelte";
import type { Me, MessageEntry } from "../../wire/types";
import { react, refusal } from "./react.svelte";

const entry = (seq: number, reactions: MessageEntry["reactions"]): MessageEntry => ({
  kind: "message",
  seq,
  at: "2026-11-26T09:00:00.000Z",
  author: 2,
  text: "hello",
  mentions: [],
  files: [],
  reactions,
});
const seen = (message: MessageEntry) =>
  reacted.shown(7, message).map(({ emoji, count, mine }) => [emoji, count, mine]);

let answer: () => Promise<Response>;
let asked: string[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  self.me = { id: 1 } as Me;
  asked = [];
  answer = async () => new Response(null, { status: 204 });
  vi.stubGlobal("fetch", (_: string, { method }: RequestInit) => {
    asked.push(method ?? "");
    return answer();
  });
});
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

test("what I press shows before the server has it, and is counted once when it comes back", async () => {
  react(7, 43, "👍", true);
  expect(seen(entry(43, []))).toEqual([["👍", 1, true]]);
  expect(seen(entry(43, [{ emoji: "👍", count: 1, users: [1] }]))).toEqual([["👍", 1, true]]);
  await vi.runAllTimersAsync();
  expect(seen(entry(43, [{ emoji: "👍", count: 2, users: [2, 1] }]))).toEqual([["👍", 2, true]]);
});

test("what I take back on another device goes as soon as the line tells of it", async () => {
  const tell = (kind: "reacted" | "unreacted") =>
    feed.take({ t: "event", room: 7, seq: 50, at: "", author: 1, kind, target: 47, emoji: "👍" });
  react(7, 47, "👍", true);
  tell("reacted");
  expect(seen(entry(47, []))).toEqual([["👍", 1, true]]);
  await vi.advanceTimersByTimeAsync(10);
  expect(seen(entry(47, []))).toEqual([["👍", 1, true]]);
  tell("unreacted");
  expect(seen(entry(47, []))).toEqual([]);
});

test("two quick presses ask one after the other, and the last one holds", async () => {
  react(7, 44, "👍", true);
  react(7, 44, "👍", false);
  expect(seen(entry(44, []))).toEqual([]);
  await vi.runAllTimersAsync();
  expect(asked).toEqual(["PUT", "DELETE"]);
});

test("a refusal puts it right and says why", async () => {
  answer = async () => Response.json({ code: "forbidden", detail: "At most 20." }, { status: 403 });
  react(7, 45, "👍", true);
  await vi.advanceTimersByTimeAsync(10);
  expect(seen(entry(45, []))).toEqual([]);
  expect(refusal(7, 45)).toBe("At most 20.");
});

test("among more people than are named, I am told apart, and my own events keep it true", () => {
  const many = { emoji: "🎉", count: 25, users: Array.from({ length: 20 }, (_, i) => i + 100) };
  const message = entry(46, [many]);
  reacted.learn(7, { messages: [message], reacted: [[46, ["🎉"]]] });
  expect(seen(message)).toEqual([["🎉", 25, true]]);
  reacted.took({ room: 7, seq: 50, at: "", author: 1, kind: "unreacted", target: 46, emoji: "🎉" });
  expect(seen(entry(46, [{ ...many, count: 24 }]))).toEqual([["🎉", 24, false]]);
  reacted.took({ room: 7, seq: 51, at: "", author: 9, kind: "reacted", target: 46, emoji: "🎉" });
  expect(seen(message)).toEqual([["🎉", 25, false]]);
});
