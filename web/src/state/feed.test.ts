import { beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "../wire/api";
import type { Line } from "../wire/socket";
import type { Event, Hello, Room as Info, Me, ServerFrame } from "../wire/types";
import { feed } from "./feed.svelte";
import { live } from "./live.svelte";
import { people } from "./people.svelte";
import { reads } from "./reads.svelte";
import { rooms } from "./rooms.svelte";

const at = "2026-06-12T09:00:00.000Z";
const me = {
  id: 1,
  username: "ana",
  name: "Ana",
  colour: "fern",
  avatar: "A",
  status: "",
  role: "member",
  settings: {},
} as Me;
const info = (id: number, head: number, rest: Partial<Info> = {}): Info => ({
  id,
  name: `room ${id}`,
  topic: "",
  private: false,
  direct: false,
  archived: false,
  previews: true,
  members: 2,
  head,
  first: 1,
  at,
  role: "member",
  level: "all",
  draft: "",
  read: head,
  version: 0,
  unread: 0,
  mentions: 0,
  ...rest,
});
const say = (room: number, seq: number): Event => ({
  room,
  seq,
  at,
  author: 2,
  kind: "message",
  client_id: `${room}.${seq}`,
  text: "x",
});

/** What the server would answer to GET rooms and rooms/{id}. */
let server: Map<number, Info>;
let line: { hello: () => Omit<Hello, "v">; frame: (frame: ServerFrame) => void; line: (line: Line) => void };
const asked = () => vi.mocked(api.get).mock.calls.map(([path]) => path);
const welcome = (epoch = "e1", heads: [number, number, number, number][] = [[7, 10, 10, 0]]) =>
  line.frame({ t: "welcome", me, epoch, now: at, rooms: heads });

beforeEach(async () => {
  await feed.stop();
  server = new Map([[7, info(7, 10)]]);
  vi.useFakeTimers();
  vi.spyOn(live, "start").mockImplementation((on) => {
    line = on;
  });
  vi.spyOn(live, "send").mockReturnValue(true);
  vi.spyOn(api, "get").mockImplementation(async (path) => {
    const id = /^rooms\/(\d+)$/.exec(path)?.[1];
    return (id ? server.get(Number(id)) : { rooms: [...server.values()] }) as never;
  });
  await feed.start(me);
  vi.mocked(api.get).mockClear();
});

describe("hello", () => {
  it("names what is held, and after the first welcome its epoch and the newest event", () => {
    expect(line.hello()).toEqual({ cursors: [[7, 10]] });
    welcome();
    line.frame({ t: "event", ...say(7, 11) });
    expect(line.hello()).toEqual({ cursors: [[7, 11]], epoch: "e1", last: [7, 11, at] });
  });
});

describe("frames", () => {
  beforeEach(() => welcome());

  it("that it does not know change nothing", () => {
    line.frame({ t: "painted", room: 7 } as unknown as ServerFrame);
    expect(rooms.get(7)?.head).toBe(10);
  });

  it("of rooms that are not mine change nothing", () => {
    line.frame({ t: "event", ...say(8, 1) });
    line.frame({ t: "typing", room: 8, users: [2] });
    expect(rooms.get(8)).toBeUndefined();
  });

  it("that come twice count once", () => {
    line.frame({ t: "event", ...say(7, 11) });
    line.frame({ t: "event", ...say(7, 11) });
    expect(rooms.get(7)?.unread).toBe(1);
  });

  it("add a room before its first event and take it away after its last", () => {
    line.frame({ t: "room", ...info(9, 3) });
    line.frame({ t: "event", ...say(9, 4) });
    expect(rooms.get(9)?.unread).toBe(1);
    line.frame({ t: "gone", room: 9 });
    expect(rooms.get(9)).toBeUndefined();
  });

  it("with a gap make it load the room anew instead of showing a hole", async () => {
    server.set(7, info(7, 14, { unread: 4, read: 10 }));
    line.frame({ t: "event", ...say(7, 14) });
    await vi.advanceTimersByTimeAsync(100);
    expect(asked()).toContain("rooms/7");
    expect(rooms.get(7)).toMatchObject({ head: 14, unread: 4 });
  });

  it("of a reset load the counts anew and go on from its head", async () => {
    server.set(7, info(7, 900, { unread: 800, read: 100, name: "renamed" }));
    line.frame({ t: "reset", room: 7, reason: "too_far", head: 900 });
    await vi.advanceTimersByTimeAsync(100);
    line.frame({ t: "event", ...say(7, 901) });
    expect(rooms.get(7)).toMatchObject({ head: 901, unread: 801, name: "renamed" });
  });

  it("of a reset after a restored backup go back", async () => {
    server.set(7, info(7, 4, { unread: 1, read: 3 }));
    welcome("e2", [[7, 4, 3, 0]]);
    line.frame({ t: "reset", room: 7, reason: "epoch", head: 4 });
    await vi.advanceTimersByTimeAsync(100);
    expect(rooms.get(7)).toMatchObject({ head: 4, unread: 1 });
    line.frame({ t: "event", ...say(7, 5) });
    expect(rooms.get(7)).toMatchObject({ head: 5, unread: 2 });
    expect(line.hello().epoch).toBe("e2");
  });

  it("of my other devices move the cursor, and an older one does not", () => {
    for (const seq of [11, 12, 13]) line.frame({ t: "event", ...say(7, seq) });
    line.frame({ t: "read", room: 7, seq: 12, version: 0, unread: 1, mentions: 0 });
    expect(rooms.get(7)?.unread).toBe(1);
    line.frame({ t: "read", room: 7, seq: 11, version: 0, unread: 2, mentions: 0 });
    expect(rooms.get(7)?.unread).toBe(1);
    line.frame({ t: "read", room: 7, seq: 10, version: 1, unread: 3, mentions: 0 });
    expect(rooms.get(7)).toMatchObject({ unread: 3, counts: { read: 10, version: 1 } });
  });
});

it("what was read elsewhere between the list and the first welcome is asked for", async () => {
  server.set(7, info(7, 12, { read: 10, unread: 2 }));
  await rooms.load();
  expect(rooms.get(7)?.unread).toBe(2);
  server.set(7, info(7, 12, { read: 12 }));
  welcome("e1", [[7, 12, 12, 0]]);
  await vi.advanceTimersByTimeAsync(100);
  expect(rooms.get(7)?.unread).toBe(0);
});

it("what another device says is unread is not read again by being on this screen, until it is opened anew", () => {
  welcome();
  const room = rooms.get(7)!;
  room.begin();
  line.frame({ t: "event", ...say(7, 11) });
  line.frame({ t: "read", room: 7, seq: 10, version: 1, unread: 1, mentions: 0 });
  reads.seen(room, 11);
  expect(room.unread).toBe(1);
  room.begin();
  reads.seen(room, 11);
  expect(room.unread).toBe(0);
});

describe("after a break", () => {
  it("a room that I was removed from is gone, one that I was added to is there", async () => {
    welcome();
    server = new Map([[8, info(8, 2)]]);
    welcome("e1", [[8, 2, 2, 0]]);
    await vi.advanceTimersByTimeAsync(0);
    expect([rooms.get(7), rooms.get(8)?.head]).toEqual([undefined, 2]);
  });

  it("what was read elsewhere is asked for", async () => {
    welcome();
    for (const seq of [11, 12]) line.frame({ t: "event", ...say(7, seq) });
    server.set(7, info(7, 12, { read: 12 }));
    welcome("e1", [[7, 12, 12, 0]]);
    await vi.advanceTimersByTimeAsync(100);
    expect(rooms.get(7)?.unread).toBe(0);
  });

  it("how people look and what the community is called is asked for, and not at the first welcome", async () => {
    people.learn([{ ...me, id: 2, username: "bo", name: "Bo" }]);
    welcome();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked()).toEqual([]);
    vi.mocked(api.get).mockImplementation(async (path) =>
      path === "server" ? { name: "Night" } : { users: [{ ...me, id: 2, username: "bo", name: "Bo Lind" }] },
    );
    const told = vi.spyOn(feed, "onServer");
    welcome();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(people.name(2)).toBe("Bo Lind");
    expect(told).toHaveBeenCalledWith({ name: "Night" });
    // Once a break, whoever answered.
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked().filter((path) => path === "users")).toHaveLength(1);
  });

  it("no sound is made for what is only caught up", () => {
    const heard = vi.spyOn(feed, "onEvent");
    line.hello();
    welcome();
    line.frame({ t: "event", ...say(7, 11) });
    expect(heard).not.toHaveBeenCalled();
    line.frame({ t: "caught_up", room: 7, head: 11 });
    line.frame({ t: "event", ...say(7, 12) });
    expect(heard).toHaveBeenCalledTimes(1);
  });
});
