import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "../wire/api";
import { FakeTus } from "../wire/tus.fake";
import type { ClientFrame } from "../wire/types";
import { load } from "./freight";
import { live } from "./live.svelte";
import { Outbox } from "./outbox.svelte";
import { Uploads } from "./uploads.svelte";

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

describe("with files", () => {
  let server: FakeTus;

  /** A page: its outbox and its files; nothing is shared with another one but the disk. */
  async function page(): Promise<{ outbox: Outbox; uploads: Uploads }> {
    const uploads = new Uploads();
    const outbox = new Outbox((it) => load(it, uploads));
    await outbox.start(ME);
    return { outbox, uploads: await outbox.uploads() };
  }
  // Not jsdom's own: that one cannot be kept on the disk.
  let NativeBlob: typeof Blob;
  const file = (name: string, size = 1000) =>
    Object.assign(new NativeBlob([new Uint8Array(size)]), { name }) as unknown as File;
  const filesOf = (outbox: Outbox) => outbox.of(ROOM)[0]?.files?.map(({ id, name }) => [id > 0, name]);

  beforeEach(async () => {
    NativeBlob = (await new Response("").blob()).constructor as typeof Blob;
    server = new FakeTus();
    server.install();
    vi.spyOn(api, "get").mockResolvedValue({ upload: 5000, files: 3, alt: 1000 });
    vi.spyOn(api, "delete").mockResolvedValue(undefined);
  });

  it("stands there in pencil at once, and goes out when all of its files are there", async () => {
    const { outbox, uploads } = await page();
    server.online = false;
    await uploads.add(ROOM, [file("a.png"), file("b.txt")]);
    uploads.describe(uploads.tray(ROOM)[0]!.key, " a shed ");
    uploads.hide(uploads.tray(ROOM)[1]!.key, true);
    await outbox.send(ROOM, "look", await uploads.take(ROOM));
    expect(uploads.tray(ROOM)).toEqual([]);
    expect(filesOf(outbox)).toEqual([
      [false, "a.png"],
      [false, "b.txt"],
    ]);
    expect(sent).toEqual([]);
    server.online = true;
    uploads.nudge();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toMatchObject({ text: "look" });
    expect(sent[0]!.files).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ alt: "a shed" }),
        expect.objectContaining({ spoiler: true }),
      ]),
    );
    outbox.acked(sent[0]!.client_id, ROOM, 5);
    outbox.arrived(ME, sent[0]!.client_id);
    expect(sent).toHaveLength(1);
    expect(outbox.of(ROOM)).toEqual([]);
    await vi.waitFor(async () => expect((await page()).uploads.tray(ROOM)).toEqual([]));
  });

  it("lets what is written after it pass", async () => {
    const { outbox, uploads } = await page();
    server.online = false;
    await uploads.add(ROOM, [file("film.mp4")]);
    await outbox.send(ROOM, "first", await uploads.take(ROOM));
    await outbox.send(ROOM, "second");
    expect(going()).toEqual(["second"]);
    outbox.acked(sent[0]!.client_id, ROOM, 5);
    server.online = true;
    uploads.nudge();
    await vi.waitFor(() => expect(going()).toEqual(["second", "first"]));
  });

  it("goes on after a reload, in the middle of a file, and appears once", async () => {
    const before = await page();
    server.breakAfter = 400;
    await before.uploads.add(ROOM, [file("a.png")]);
    await before.outbox.send(ROOM, "kept", await before.uploads.take(ROOM));
    await vi.waitFor(() => expect(server.only.offset).toBe(400));
    await vi.waitFor(() =>
      expect(before.uploads.get(before.outbox.of(ROOM)[0]!.files![0]!.key!)?.id).toBe("u1"),
    );
    const id = before.outbox.of(ROOM)[0]!.client_id;
    before.uploads.stop();
    server.asked = [];

    const after = await page();
    await vi.waitFor(() => expect(going()).toEqual(["kept"]));
    expect(server.asked).toEqual(["HEAD", "PATCH 400", "GET"]);
    expect(sent[0]).toMatchObject({ client_id: id, files: [{ id: 101 }] });
    expect(after.outbox.of(ROOM)[0]!.files![0]!.src).toBeUndefined();
  });

  it("finds the tray again after a reload, as it was", async () => {
    const before = await page();
    await before.uploads.add(ROOM, [file("a.png"), file("b.png"), file("c.png")]);
    const [a, b, c] = before.uploads.tray(ROOM);
    before.uploads.describe(b!.key, "the second");
    before.uploads.move(c!.key, 0);
    await vi.waitFor(() => expect([a, b, c].every((one) => one!.state === "done")).toBe(true));
    const names = async () =>
      (await page()).uploads.tray(ROOM).map(({ name, alt, state }) => [name, alt, state]);
    await vi.waitFor(async () =>
      expect(await names()).toEqual([
        ["c.png", "", "done"],
        ["a.png", "", "done"],
        ["b.png", "the second", "done"],
      ]),
    );
  });

  it("tells beforehand what cannot be sent", async () => {
    const { uploads } = await page();
    await uploads.add(ROOM, [file("huge.iso", 5001), file("1"), file("2"), file("3"), file("4"), file("5")]);
    expect(uploads.tray(ROOM).map(({ name }) => name)).toEqual(["1", "2", "3"]);
    expect(uploads.refused.map(({ text }) => text)).toEqual([
      "huge.iso is 5 kB. Files can be 5 kB.",
      "2 files were left out. A message can hold 3.",
    ]);
    await uploads.take(ROOM);
    expect(uploads.refused).toEqual([]);
  });

  it("fails with the words of the file that failed; it goes without that one, or again", async () => {
    const { outbox, uploads } = await page();
    server.wrong = { POST: [{ status: 507, code: "storage_full", detail: "There is no room." }] };
    await uploads.add(ROOM, [file("a.png"), file("b.png")]);
    await outbox.send(ROOM, "two", await uploads.take(ROOM));
    await vi.waitFor(() => expect(outbox.of(ROOM)[0]).toMatchObject({ state: "failed", why: "" }));
    expect(sent).toEqual([]);
    uploads.remove(outbox.of(ROOM)[0]!.files![0]!.key!);
    await vi.waitFor(() => expect(going()).toEqual(["two"]));
    expect(sent[0]!.files).toHaveLength(1);
  });

  it("tries a failed file again with its message", async () => {
    const { outbox, uploads } = await page();
    server.wrong = { POST: [{ status: 507, code: "storage_full", detail: "There is no room." }] };
    await uploads.add(ROOM, [file("a.png")]);
    await outbox.send(ROOM, "", await uploads.take(ROOM));
    await vi.waitFor(() => expect(outbox.of(ROOM)[0]?.state).toBe("failed"));
    await outbox.again(outbox.of(ROOM)[0]!.client_id);
    await vi.waitFor(() => expect(going()).toEqual([""]));
  });

  it("sends its files once more where the server has let go of them", async () => {
    const { outbox, uploads } = await page();
    await uploads.add(ROOM, [file("a.png")]);
    await outbox.send(ROOM, "late", await uploads.take(ROOM));
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    const no = { code: "invalid" as const, detail: "You have sent no file 101.", field: "files" };
    outbox.refused(sent[0]!.client_id, no);
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]).toMatchObject({ client_id: sent[0]!.client_id, files: [{ id: 102 }] });
    outbox.refused(sent[1]!.client_id, no);
    expect(outbox.of(ROOM)[0]).toMatchObject({ state: "failed", why: no.detail });
  });

  it("is still refused after a reload, and does not try by itself", async () => {
    const before = await page();
    server.wrong = { POST: [{ status: 507, code: "storage_full", detail: "There is no room." }] };
    await before.uploads.add(ROOM, [file("a.png")]);
    await before.outbox.send(ROOM, "kept", await before.uploads.take(ROOM));
    await vi.waitFor(() => expect(before.outbox.of(ROOM)[0]?.state).toBe("failed"));
    server.asked = [];
    const after = await page();
    const { key } = after.outbox.of(ROOM)[0]!.files![0]!;
    await vi.waitFor(() =>
      expect(after.uploads.get(key!)).toMatchObject({ state: "failed", why: "There is no room." }),
    );
    expect(server.asked).toEqual([]);
    await after.outbox.again(after.outbox.of(ROOM)[0]!.client_id);
    await vi.waitFor(() => expect(going()).toEqual(["kept"]));
  });

  it("is gone with its files when it is deleted, also on the server", async () => {
    const { outbox, uploads } = await page();
    server.breakAfter = 10;
    await uploads.add(ROOM, [file("a.png")]);
    await outbox.send(ROOM, "no", await uploads.take(ROOM));
    await vi.waitFor(() => expect(server.only?.offset).toBe(10));
    await outbox.drop(outbox.of(ROOM)[0]!.client_id);
    expect(outbox.of(ROOM)).toEqual([]);
    await vi.waitFor(() => expect(server.held.size).toBe(0));
    expect((await page()).uploads.tray(ROOM)).toEqual([]);
  });

  it("goes away with its last file when it has no words", async () => {
    const { outbox, uploads } = await page();
    server.online = false;
    await uploads.add(ROOM, [file("a.png")]);
    await outbox.send(ROOM, "", await uploads.take(ROOM));
    uploads.remove(outbox.of(ROOM)[0]!.files![0]!.key!);
    await vi.waitFor(() => expect(outbox.of(ROOM)).toEqual([]));
  });

  it("waits while a file is paused, and goes on with it", async () => {
    const { outbox, uploads } = await page();
    server.breakAfter = 10;
    await uploads.add(ROOM, [file("a.png")]);
    const { key } = uploads.tray(ROOM)[0]!;
    await vi.waitFor(() => expect(server.only?.offset).toBe(10));
    uploads.pause(key);
    await outbox.send(ROOM, "later", await uploads.take(ROOM));
    uploads.nudge();
    expect(uploads.get(key)?.state).toBe("paused");
    uploads.resume(key);
    await vi.waitFor(() => expect(going()).toEqual(["later"]));
  });

  it("comes back into the tray to be changed", async () => {
    const { outbox, uploads } = await page();
    await uploads.add(ROOM, [file("a.png")]);
    await outbox.send(ROOM, "wrong words", await uploads.take(ROOM));
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    outbox.refused(sent[0]!.client_id, { code: "invalid", detail: "no" });
    await outbox.drop(sent[0]!.client_id, true);
    expect(uploads.tray(ROOM).map(({ name }) => name)).toEqual(["a.png"]);
    expect(outbox.of(ROOM)).toEqual([]);
  });
});
