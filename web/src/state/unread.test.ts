import { beforeEach, describe, expect, it } from "vitest";
import type { Event } from "../wire/types";
import { Unread } from "./unread";

const ME = 1;
const at = "2026-06-12T09:00:00.000Z";
const by = (seq: number, author: number, rest: Record<string, unknown>) =>
  ({ room: 7, seq, at, author, ...rest }) as unknown as Event;
const say = (seq: number, rest: Record<string, unknown> = {}, author = 2) =>
  by(seq, author, { kind: "message", client_id: `c${seq}`, text: "x", ...rest });

let unread: Unread;
const counts = () => [unread.read, unread.unread, unread.mentions];
beforeEach(() => {
  unread = new Unread(ME);
  unread.set({ read: 10, version: 0, unread: 0, mentions: 0 }, 10);
});

describe("what counts", () => {
  it.each([
    ["a message of somebody else", say(11), [10, 1, 0]],
    ["one that names me", say(11, { mentions: [3, ME] }), [10, 1, 1]],
    ["one that names the room", say(11, { everyone: true }), [10, 1, 1]],
    ["a reply in a thread", say(11, { thread: 3, mentions: [ME] }), [10, 0, 0]],
    ["a reply that was also sent to the room", say(11, { thread: 3, also: true }), [10, 1, 0]],
    ["one that was erased since", say(11, { erased: true, text: undefined }), [10, 0, 0]],
    ["my own", say(11, {}, ME), [11, 0, 0]],
    ["somebody who came", by(11, 2, { kind: "joined", users: [2] }), [10, 0, 0]],
    ["my own coming", by(11, 2, { kind: "joined", users: [ME, 2] }), [11, 0, 0]],
    ["one at or below the head of the counts", say(10), [10, 0, 0]],
  ])("%s", (_, event, expected) => {
    unread.take(event);
    expect(counts()).toEqual(expected);
  });

  it("follows edits and deletions of what it saw pass", () => {
    unread.take(say(11, { mentions: [ME] }));
    unread.take(say(12));
    expect(unread.take(by(13, 2, { kind: "edited", target: 11, text: "y" }))).toBe("changed");
    expect(counts()).toEqual([10, 2, 0]);
    unread.take(by(14, 2, { kind: "edited", target: 12, text: "y", mentions: [ME] }));
    expect(counts()).toEqual([10, 2, 1]);
    unread.take(by(15, 2, { kind: "deleted", target: 12 }));
    expect(counts()).toEqual([10, 1, 0]);
    expect(unread.take(by(16, 2, { kind: "edited", target: 9, text: "y", mentions: [ME] }))).toBe("same");
  });

  it("asks about messages that it does not hold", () => {
    unread.set({ read: 5, version: 1, unread: 3, mentions: 1 }, 10);
    expect(unread.take(by(11, 2, { kind: "deleted", target: 7 }))).toBe("ask");
    expect(unread.take(by(12, 2, { kind: "edited", target: 7, text: "y" }))).toBe("ask");
  });
});

describe("a moving cursor", () => {
  it("counts what is left, while all of it was seen here", () => {
    for (let seq = 11; seq <= 14; seq += 1) unread.take(say(seq, seq > 12 ? { mentions: [ME] } : {}));
    expect(unread.moved(12, 14)).toBe("changed");
    expect(counts()).toEqual([12, 2, 2]);
    expect(unread.moved(11, 14)).toBe("same");
    expect(unread.moved(14, 14)).toBe("changed");
    expect(counts()).toEqual([14, 0, 0]);
  });

  it("asks when some of it was not", () => {
    unread.set({ read: 5, version: 1, unread: 3, mentions: 1 }, 10);
    unread.take(say(11));
    expect(unread.moved(8, 11)).toBe("ask");
  });

  it("asks too when the server counted events that did not pass here", () => {
    unread.take(say(11));
    unread.set({ read: 10, version: 0, unread: 1, mentions: 0 }, 13); // 11 deleted, 13 said
    expect(unread.moved(12, 13)).toBe("ask");
  });
});

it("keeps its place when the server counted before it heard of it", () => {
  unread.set({ read: 5, version: 1, unread: 9, mentions: 1 }, 14);
  expect(unread.moved(8, 14)).toBe("ask");
  expect(unread.moved(14, 14)).toBe("changed");
  expect(unread.set({ read: 8, version: 1, unread: 6, mentions: 1 }, 14)).toBe(false);
  expect(counts()).toEqual([14, 0, 0]);
  unread.take(say(15));
  expect(counts()).toEqual([14, 1, 0]);
  // "Mark as unread", here or elsewhere, is what may set it back.
  expect(unread.set({ read: 8, version: 2, unread: 7, mentions: 1 }, 15)).toBe(true);
  expect(counts()).toEqual([8, 7, 1]);
});

it("stops at a thousand and asks on the way down", () => {
  for (let seq = 11; seq < 1111; seq += 1) unread.take(say(seq));
  expect(unread.unread).toBe(1000);
  expect(unread.take(by(1111, 2, { kind: "deleted", target: 20 }))).toBe("ask");
});
