// Unread of a room and of its threads against the definition (docs/UNREAD.md), computed from the whole log: over random
// histories, with frames and answers that come late and out of order, a second device, and breaks of the line.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { api } from "../wire/api";
import type { Event, Room as Info, Read, Seq, ServerFrame, Thread as Wire } from "../wire/types";
import { feed } from "./feed.svelte";
import { live } from "./live.svelte";
import { reads } from "./reads.svelte";
import { rooms } from "./rooms.svelte";
import { self } from "./self.svelte";
import { threads } from "./threads.svelte";

const ME = 1;
const ROOM = 7;
const at = "2026-06-12T09:00:00.000Z";
type Said = { seq: Seq; author: number; thread?: Seq; also: boolean; calls: boolean; gone: boolean };
type Place = { following: boolean; read: Seq; version: number };

function seeded(seed: number) {
  let state = seed * 2654435761 + 1;
  const next = () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
  return {
    chance: (p: number) => next() < p,
    pick: <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!,
  };
}

/** One room of a server, my places in it, and what waits on the way to one of my devices. */
class Server {
  log: Event[] = [];
  said: Said[] = [];
  place: Place = { following: true, read: 0, version: 0 };
  places = new Map<Seq, Place>();
  events: Event[] = [];
  frames: ServerFrame[] = [];
  answers: (() => void)[] = [];
  online = true;

  get head(): Seq {
    return this.log.length;
  }
  add(author: number, body: Record<string, unknown>): Event {
    const event = { room: ROOM, seq: this.head + 1, at, author, ...body } as unknown as Event;
    this.log.push(event);
    this.events.push(event);
    return event;
  }
  say(author: number, calls: boolean, thread?: Seq, also = false): void {
    const event = this.add(author, {
      kind: "message",
      client_id: `c${this.head}`,
      text: "x",
      ...(calls && { mentions: [ME] }),
      ...(thread !== undefined && { thread, ...(also && { also }) }),
    });
    const { seq } = event;
    this.said.push({ seq, author, also, calls, gone: false, ...(thread !== undefined && { thread }) });
    const mine = author === ME;
    if (mine && (thread === undefined || also)) this.place = { ...this.place, read: seq };
    if (thread === undefined) return;
    const known = this.places.get(thread);
    const root = this.said.find((one) => one.seq === thread)!;
    if (mine) this.follows(thread, { following: true, read: seq, version: known?.version ?? 0 });
    else if (!known && (calls || root.author === ME))
      this.follows(thread, { following: true, read: seq - 1, version: 0 });
  }
  change(author: number, message: Said, gone: boolean, calls: boolean): void {
    const { seq: target, thread } = message;
    if (gone) this.add(author, { kind: "deleted", target, ...(thread !== undefined && { thread }) });
    else this.add(author, { kind: "edited", target, text: "y", ...(calls && { mentions: [ME] }) });
    Object.assign(message, { gone, calls });
  }
  follows(root: Seq, place: Place): void {
    this.places.set(root, place);
    this.tell({ t: "thread", ...this.thread(root), head: this.head });
  }
  /** By another device, or by an answer to this one. */
  move(root: Seq | undefined, seq: Seq, version: number | undefined, unread: boolean, tells = true): Read {
    const now = root === undefined ? this.place : this.places.get(root)!;
    const clamped = Math.max(0, Math.min(seq, this.head));
    const newer = clamped > now.read && (version === undefined || version >= now.version);
    const next = unread
      ? { ...now, read: clamped, version: now.version + 1 }
      : newer
        ? { ...now, read: clamped }
        : now;
    if (root !== undefined) this.follows(root, next);
    else {
      this.place = next;
      if (tells) this.tell({ t: "read", room: ROOM, seq: next.read, ...this.counts() } as ServerFrame);
    }
    return this.counts(root);
  }
  tell(frame: ServerFrame): void {
    if (this.online) this.frames.push(frame);
  }

  /** The definition. */
  counts(root?: Seq): Read {
    const { following, read, version } = (root === undefined ? this.place : this.places.get(root))!;
    const unread = this.said.filter(
      (one) =>
        following &&
        one.seq > read &&
        one.author !== ME &&
        !one.gone &&
        (root === undefined ? one.thread === undefined || one.also : one.thread === root && !one.also),
    );
    return { read, version, unread: unread.length, mentions: unread.filter((one) => one.calls).length };
  }
  thread(root: Seq): Wire {
    const { following } = this.places.get(root) ?? { following: false };
    const mine = this.places.has(root)
      ? this.counts(root)
      : { read: this.head, version: 0, unread: 0, mentions: 0 };
    return { room: ROOM, root, following, level: "all", ...mine };
  }
  info(): Info {
    const { head } = this;
    const shape = {
      id: ROOM,
      name: "r",
      topic: "",
      private: false,
      direct: false,
      archived: false,
      previews: true,
    };
    const mine = { role: "member", level: "all", draft: "", ...this.counts() } as const;
    return { ...shape, members: 3, first: 1, head, at, ...mine };
  }
  answer(path: string): unknown {
    if (path === "threads/places") {
      const places = [...this.places].filter(([, it]) => it.following).map(([root]) => this.thread(root));
      return { heads: [[ROOM, this.head]], places };
    }
    const root = /messages\/(\d+)\/thread/.exec(path)?.[1];
    if (root !== undefined)
      return { epoch: at, head: this.head, messages: [], thread: this.thread(Number(root)) };
    return this.info();
  }
  /** Counted now, heard when it is let go. */
  async later<T>(make: () => T): Promise<T> {
    const value = make();
    await new Promise<void>((go) => this.answers.push(go));
    if (!this.online) throw new Error("offline");
    return value;
  }
}

let server: Server;
beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  self.me = { id: ME, settings: {} } as never;
  vi.spyOn(api, "get").mockImplementation((path) => server.later(() => server.answer(path)) as never);
  vi.spyOn(api, "put").mockImplementation((path, body) => {
    const { seq, version, unread } = body as { seq: Seq; version?: number; unread?: boolean };
    const root = /messages\/(\d+)\/thread/.exec(path)?.[1];
    return server.later(() => {
      if (!server.online) throw new Error("offline");
      return server.move(root === undefined ? undefined : Number(root), seq, version, unread === true);
    }) as never;
  });
  vi.spyOn(live, "send").mockImplementation((frame) => {
    if (!server.online) return false;
    if (frame.t === "read") server.move(undefined, frame.seq, frame.version, false, false);
    return true;
  });
});
afterEach(() => {
  threads.stop();
  reads.clear();
  rooms.clear();
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(20);
const hear = (event: Event) => feed.take({ t: "event", ...event } as ServerFrame);
function welcome(): void {
  feed.take({
    t: "welcome",
    me: self.me,
    epoch: at,
    now: at,
    rooms: [[ROOM, server.head, server.place.read, server.place.version]],
  } as never);
}
/** Everything on the way arrives, and whatever is asked because of it is answered. */
async function quiet(): Promise<void> {
  if (!server.online) {
    server.online = true;
    welcome();
  }
  for (let i = 0; i < 40; i += 1) {
    for (const event of server.events.splice(0)) hear(event);
    for (const frame of server.frames.splice(0)) feed.take(frame);
    for (const go of server.answers.splice(0)) go();
    await vi.advanceTimersByTimeAsync(700);
  }
}
function agrees(what: string): void {
  const room = rooms.get(ROOM)!;
  expect({ room: room.counts }, what).toEqual({ room: server.counts() });
  for (const root of server.places.keys()) {
    // Let go before this device heard of it: nothing is known of it, and nothing counts.
    const { unread = 0, mentions = 0 } = threads.known(ROOM, root) ?? {};
    const counted = server.counts(root);
    expect({ root, unread, mentions }, what).toEqual({
      root,
      unread: counted.unread,
      mentions: counted.mentions,
    });
  }
}

async function step({ chance, pick }: ReturnType<typeof seeded>): Promise<void> {
  const room = rooms.get(ROOM)!;
  const roots = server.said.filter((one) => one.thread === undefined);
  const author = pick([ME, 2, 2, 3, 3]);
  const followed = [...server.places].filter(([, it]) => it.following).map(([root]) => root);
  const root = pick(roots)?.seq;
  const what = pick([
    "say",
    "reply",
    "reply",
    "reply",
    "change",
    "read",
    "away",
    "hear",
    "hear",
    "frame",
    "answer",
    "line",
    "wait",
  ]);
  if (what === "say") server.say(author, chance(0.3));
  else if (what === "reply" && root !== undefined) server.say(author, chance(0.3), root, chance(0.2));
  else if (what === "change") {
    const message = pick(server.said.filter((one) => !one.gone));
    if (message) server.change(message.author, message, chance(0.5), chance(0.4));
  } else if (what === "read") {
    const thread = followed.length > 0 && chance(0.7) ? threads.known(ROOM, pick(followed)) : undefined;
    const seq = pick([...Array(room.head + 1).keys()]);
    // Opened anew, or still on the screen.
    if (chance(0.7)) (thread ?? room).keepUnread = false;
    if (thread) thread.seen(seq);
    else reads.seen(room, seq);
  } else if (what === "away") {
    const other = followed.length > 0 && chance(0.7) ? pick(followed) : undefined;
    const seq = pick([...Array(server.head + 1).keys()]);
    server.move(other, seq, undefined, chance(0.4));
    if (other !== undefined && chance(0.15))
      server.follows(other, { ...server.places.get(other)!, following: false });
  } else if (what === "hear" && server.online) for (const event of server.events.splice(0, 3)) hear(event);
  else if (what === "frame" && server.online) {
    const frame = server.frames.shift();
    if (frame) feed.take(frame);
  } else if (what === "answer") server.answers.splice(chance(0.3) ? -1 : 0, 1)[0]?.();
  else if (what === "line" && chance(0.5)) {
    server.online = !server.online;
    if (server.online) welcome();
    else server.frames = [];
  } else if (what === "wait") await vi.advanceTimersByTimeAsync(pick([100, 1500, 4000]));
  await settle();
}

it.each(Array.from({ length: 60 }, (_, i) => i + 1))(
  "equals the definition after history %d",
  async (seed) => {
    const chances = seeded(seed);
    server.add(2, { kind: "joined", users: [ME, 2, 3] });
    server.place.read = 1;
    server.events = [];
    live.line = "online";
    rooms.learn(server.info());
    const starting = threads.start();
    await settle();
    for (const go of server.answers.splice(0)) go();
    await starting;
    welcome();
    for (let i = 0; i < 120; i += 1) {
      await step(chances);
      if (i % 30 === 29) {
        await quiet();
        agrees(`after ${i + 1} steps`);
      }
    }
  },
);
