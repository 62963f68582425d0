import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClientFrame } from "../wire/types";
import { live } from "./live.svelte";
import { Outbox } from "./outbox.svelte";

const ROOM = 7;
const ME = 1;
let line = true;
let sent: Extract<ClientFrame, { t: "send" }>[] = [];
const texts = (outbox: Outbox) => outbox.of(ROOM).map((item) => item.text);
const going = () => sent.map((frame) => frame.text);

/** Another tab, or the same one after a reload: nothing is shared but the disk. */
async function open(): Promise<Outbox> {
  const outbox = new Outbox();
  await outbox.start(ME);
  return outbox;
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  line = true;
  sent = [];
  vi.spyOn(live, "send").mockImplementation((frame) => {
    if (line && frame.t === "send") sent.push(frame);
    return line;
  });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("sending", () => {
  it("shows it, sends it, and lets the server's copy take its place", async () => {
    const outbox = await open();
    await outbox.send(ROOM, "one");
    expect(texts(outbox)).toEqual(["one"]);
    const id = sent[0]!.client_id;
    outbox.arrived(ME, id);
    expect(texts(outbox)).toEqual([]);
    outbox.acked(id, ROOM, 5); // the ack after the event: nothing more happens
    expect(texts(outbox)).toEqual([]);
  });

  it("sends one at a time in a room, in order", async () => {
    const outbox = await open();
    await outbox.send(ROOM, "one");
    await outbox.send(ROOM, "two");
    await outbox.send(8, "elsewhere");
    expect(going()).toEqual(["one", "elsewhere"]);
    outbox.acked(sent[0]!.client_id, ROOM, 5);
    expect(going()).toEqual(["one", "elsewhere", "two"]);
  });

  it("makes its sound once", async () => {
    const outbox = await open();
    const sound = vi.fn();
    outbox.onSent = sound;
    await outbox.send(ROOM, "one");
    outbox.acked(sent[0]!.client_id, ROOM, 5);
    outbox.arrived(ME, sent[0]!.client_id);
    expect(sound).toHaveBeenCalledTimes(1);
  });

  it("takes no copy of somebody else's for its own", async () => {
    const outbox = await open();
    await outbox.send(ROOM, "one");
    outbox.arrived(2, sent[0]!.client_id);
    expect(texts(outbox)).toEqual(["one"]);
  });
});

describe("a break of the line", () => {
  it("sends what was under way again, under the same name", async () => {
    const outbox = await open();
    await outbox.send(ROOM, "one");
    line = false;
    outbox.line("waiting");
    await outbox.send(ROOM, "two");
    expect(texts(outbox)).toEqual(["one", "two"]);
    line = true;
    outbox.line("online");
    await vi.waitFor(() => expect(going()).toEqual(["one", "one"]));
    expect(sent[1]!.client_id).toBe(sent[0]!.client_id);
    outbox.acked(sent[1]!.client_id, ROOM, 5);
    expect(going()).toEqual(["one", "one", "two"]);
  });

  it("survives a reload", async () => {
    line = false;
    const before = await open();
    await before.send(ROOM, "one");
    await before.send(ROOM, "two");
    line = true;
    const after = await open();
    expect(texts(after)).toEqual(["one", "two"]);
    expect(going()).toEqual(["one"]);
    expect(sent[0]!.client_id).toBe(before.of(ROOM)[0]!.client_id);
  });

  it("forgets on the disk what was acknowledged", async () => {
    const before = await open();
    await before.send(ROOM, "one");
    before.acked(sent[0]!.client_id, ROOM, 5);
    await vi.waitFor(async () => expect(texts(await open())).toEqual([]));
  });

  it("takes over what a closed tab left once, however often it looks", async () => {
    line = false;
    await (await open()).send(ROOM, "left behind");
    const other = new Outbox();
    await Promise.all([other.start(ME), other.adopt(), other.adopt()]);
    other.line("online");
    await other.adopt();
    expect(texts(other)).toEqual(["left behind"]);
  });

  it("keeps one person's messages from another", async () => {
    line = false;
    await (await open()).send(ROOM, "mine");
    const other = new Outbox();
    await other.start(2);
    expect(texts(other)).toEqual([]);
  });
});

describe("a refusal", () => {
  it("stays with its reason, lets the next one pass, and goes again or away", async () => {
    const outbox = await open();
    await outbox.send(ROOM, "bad");
    await outbox.send(ROOM, "good");
    outbox.refused(sent[0]!.client_id, { code: "too_large", detail: "16 KiB is the most" });
    expect(outbox.of(ROOM)[0]).toMatchObject({
      state: "failed",
      code: "too_large",
      why: "16 KiB is the most",
    });
    expect(going()).toEqual(["bad", "good"]);
    outbox.acked(sent[1]!.client_id, ROOM, 5);
    await outbox.again(outbox.of(ROOM)[0]!.client_id);
    expect(going()).toEqual(["bad", "good", "bad"]);
    await outbox.drop(outbox.of(ROOM)[0]!.client_id);
    expect(texts(outbox)).toEqual([]);
    expect(texts(await open())).toEqual([]);
  });

  it("is still there, and still refused, after a reload", async () => {
    const outbox = await open();
    await outbox.send(ROOM, "bad");
    outbox.refused(sent[0]!.client_id, { code: "forbidden", detail: "no" });
    sent = [];
    await vi.waitFor(async () =>
      expect((await open()).of(ROOM)[0]).toMatchObject({ state: "failed", why: "no" }),
    );
    expect(sent).toEqual([]);
  });

  it("for being too fast waits as long as the server says, and keeps the order", async () => {
    const outbox = await open();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await outbox.send(ROOM, "one");
    const second = outbox.send(ROOM, "two");
    outbox.refused(sent[0]!.client_id, { code: "rate_limited", detail: "", retry_after_ms: 800 });
    await second;
    await vi.advanceTimersByTimeAsync(790);
    expect(going()).toEqual(["one"]);
    await vi.advanceTimersByTimeAsync(20);
    expect(going()).toEqual(["one", "one"]);
    expect(outbox.of(ROOM).every((item) => item.state === "waiting")).toBe(true);
  });
});
