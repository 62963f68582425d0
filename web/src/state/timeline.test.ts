import { beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "../wire/api";
import type { Event, Room as Info, Page } from "../wire/types";
import { foldOf, isShown } from "./fold";
import { Room } from "./room.svelte";
import { self } from "./self.svelte";
import { MOST, PAGE } from "./timeline.svelte";

const at = "2026-06-12T09:00:00.000Z";

/** A server with one room: its log, and pages as they are at the moment of the answer. */
class Server {
  log: Event[] = [];
  /** Answers wait until they are let go, each read when it is let go. */
  held: (() => void)[] = [];
  holds = false;

  add(event: Record<string, unknown>): Event {
    const made = { room: 7, seq: this.log.length + 1, at, author: 2, ...event } as unknown as Event;
    this.log.push(made);
    return made;
  }
  say(n = 1): void {
    for (let i = 0; i < n; i += 1)
      this.add({ kind: "message", client_id: `c${this.log.length}`, text: `${this.log.length}` });
  }
  entries(upto = this.log.length) {
    return foldOf(this.log.slice(0, upto))
      .rows.map((row) => row.entry)
      .filter(isShown);
  }
  page(query: Record<string, number>): Page {
    const all = this.entries();
    const { before, after, around, limit = 50 } = query;
    let messages = all.slice(-limit);
    if (before !== undefined) messages = all.filter((entry) => entry.seq < before).slice(-limit);
    if (after !== undefined) messages = all.filter((entry) => entry.seq > after).slice(0, limit);
    if (around !== undefined) {
      const place = all.findIndex((entry) => entry.seq >= around);
      messages = all.slice(Math.max(0, place - limit / 2), place + limit / 2);
    }
    return { epoch: at, head: this.log.length, messages };
  }
  info(): Info {
    return {
      id: 7,
      name: "r",
      topic: "",
      private: false,
      direct: false,
      archived: false,
      previews: true,
      members: 2,
      head: this.log.length,
      first: 1,
      at,
      role: "member",
      level: "all",
      draft: "",
      read: 0,
      version: 0,
      unread: 0,
      mentions: 0,
    };
  }
}

let server: Server;
beforeEach(() => {
  server = new Server();
  self.me = { id: 1 } as never;
  vi.spyOn(api, "get").mockImplementation(async (path, query) => {
    if (server.holds) await new Promise<void>((go) => server.held.push(go));
    return (
      path.endsWith("messages") ? server.page(query as Record<string, number>) : server.info()
    ) as never;
  });
});

const seqs = (room: Room) => room.timeline.rows.map((row) => row.entry.seq);
function live(room: Room): void {
  for (const event of server.log.slice(room.head)) room.take(event);
}
/** No gap, no double, whatever is still under way: a page may be ahead of the line. */
function unbroken(room: Room): void {
  const all = server.log.filter(({ kind }) => kind === "message" || kind === "joined").map(({ seq }) => seq);
  const from = all.indexOf(seqs(room)[0] ?? -1);
  expect(seqs(room)).toEqual(all.slice(from, from + seqs(room).length));
}
/** What is drawn is a stretch of what the server would draw, without a gap and each as it reads now. */
function agrees(room: Room): void {
  const drawn = room.timeline.rows.map((row) => row.entry);
  const all = server.entries(room.head);
  const from = all.findIndex((entry) => entry.seq === drawn[0]?.seq);
  expect(drawn).toEqual(all.slice(from, from + drawn.length));
  if (room.timeline.open) expect(drawn.at(-1)).toEqual(all.at(-1));
}

describe("the window", () => {
  it.each([0, 1, PAGE - 1, PAGE, PAGE + 1])(
    "loads the newest of %d messages and knows the start",
    async (n) => {
      server.say(n);
      const room = new Room(server.info());
      await room.timeline.latest();
      await room.timeline.older();
      expect(seqs(room)).toEqual(server.entries().map((entry) => entry.seq));
      await room.timeline.older();
      expect(room.timeline.atStart).toBe(true);
    },
  );

  it("stays bounded in a long room, both ways, and comes back to the present", async () => {
    server.say(1500);
    const room = new Room(server.info());
    await room.timeline.latest();
    room.timeline.bottom(false);
    for (let i = 0; i < 20; i += 1) await room.timeline.older();
    expect(seqs(room).length).toBeLessThanOrEqual(MOST);
    expect(room.timeline.open).toBe(false);
    server.say(3);
    live(room);
    expect(room.timeline.missed).toBe(3);
    agrees(room);
    for (let i = 0; i < 40 && !room.timeline.open; i += 1) await room.timeline.newer();
    expect(seqs(room).length).toBeLessThanOrEqual(MOST);
    agrees(room);
    server.say();
    live(room);
    expect(seqs(room).at(-1)).toBe(server.log.length);
  });

  it("lets nothing that one reads go while others talk on", async () => {
    server.say(400);
    const room = new Room(server.info());
    await room.timeline.latest();
    await room.timeline.older();
    const eye = seqs(room)[5]!;
    room.timeline.bottom(false);
    room.timeline.place = { seq: eye, offset: 0 };
    server.say(600);
    live(room);
    expect(seqs(room)).toContain(eye);
    expect(seqs(room).length).toBeLessThanOrEqual(MOST + PAGE);
    agrees(room);
  });

  it("begins where the unread do, in one page that reaches the present where that holds them", async () => {
    server.say(200);
    const asked = vi.mocked(api.get);
    const near = new Room(server.info());
    await near.timeline.from(181, 20);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(near.timeline.open).toBe(true);
    expect(near.timeline.target?.seq).toBe(181);
    agrees(near);

    asked.mockClear();
    const far = new Room(server.info());
    await far.timeline.from(51, 150);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(seqs(far)).toContain(51);

    // Few count, and many lines came between them.
    for (let i = 0; i < 100; i += 1) server.add({ kind: "joined", users: [i + 10] });
    const between = new Room(server.info());
    await between.timeline.from(195, 6);
    expect(seqs(between)).toContain(195);
    agrees(between);
  });

  it("takes the newest of two jumps", async () => {
    server.say(500);
    const room = new Room(server.info());
    server.holds = true;
    const first = room.timeline.around(100);
    const second = room.timeline.around(400);
    server.holds = false;
    for (const go of server.held.reverse()) go();
    await Promise.all([first, second]);
    expect(seqs(room)).toContain(400);
    agrees(room);
  });
});

describe("what happens while a page is under way", () => {
  it("is in it once, whichever comes first", async () => {
    server.say(20);
    const room = new Room(server.info());
    server.holds = true;
    const loading = room.timeline.latest();
    server.say(2);
    server.add({ kind: "edited", target: 5, text: "five" });
    live(room); // the line was faster than the page
    server.held.pop()!();
    await loading;
    agrees(room);
    const again = room.timeline.latest();
    server.say(2);
    server.add({ kind: "deleted", target: 6 });
    server.held.pop()!();
    await again;
    live(room); // the page was faster than the line
    agrees(room);
    expect(seqs(room)).toHaveLength(24);
  });

  it("agrees with the server after any interleaving", async () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      let state = seed * 2654435761;
      const random = (n: number) => {
        state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
        return state % n;
      };
      server = new Server();
      server.say(random(300));
      const room = new Room(server.info());
      server.holds = true;
      const waiting: Promise<unknown>[] = [];
      for (let step = 0; step < 90; step += 1) {
        const { timeline } = room;
        const acts = [
          () => server.say(1 + random(3)),
          () =>
            server.log.length &&
            server.add({ kind: "edited", target: 1 + random(server.log.length), text: `e${step}` }),
          () => server.log.length && server.add({ kind: "deleted", target: 1 + random(server.log.length) }),
          () => server.add({ kind: "joined", users: [step + 10] }),
          () => live(room),
          () => server.log[room.head] && room.take(server.log[room.head]!),
          () => waiting.push(timeline.latest()),
          () => waiting.push(timeline.around(1 + random(Math.max(1, server.log.length)))),
          () => waiting.push(timeline.from(1 + random(Math.max(1, server.log.length)), random(60))),
          () => waiting.push(timeline.older()),
          () => waiting.push(timeline.newer()),
          () => timeline.bottom(random(2) === 0),
          () => server.held.splice(random(server.held.length || 1), 1)[0]?.(),
        ];
        acts[random(acts.length)]!();
        await Promise.resolve();
        if (timeline.loaded) unbroken(room);
      }
      server.holds = false;
      while (server.held.length > 0) server.held.pop()!();
      await Promise.all(waiting);
      live(room);
      if (room.timeline.loaded) agrees(room);
    }
  }, 30_000);
});
