import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError } from "./api";
import { giveUp, type Sending, upload } from "./tus";
import { FakeTus } from "./tus.fake";

const MIB = 1 << 20;
let server: FakeTus;
let ids: (string | undefined)[] = [];
let sent: number[] = [];
let rests: [number, number][] = [];

function sending(size: number, more: Partial<Sending> = {}): Sending {
  return {
    bytes: new Blob([new Uint8Array(size)]),
    name: "garden – März.jpg",
    hints: { width: 4, height: 3 },
    begun: (id) => ids.push(id),
    sent: (bytes) => sent.push(bytes),
    rest: async (tries, least) => {
      rests.push([tries, least]);
    },
    signal: new AbortController().signal,
    ...more,
  };
}

beforeEach(() => {
  server = new FakeTus();
  server.install();
  ids = [];
  sent = [];
  rests = [];
});
afterEach(() => {
  vi.useRealTimers();
});

it("sends a file in pieces and tells how far it is", async () => {
  const file = await upload(sending(2.5 * MIB));
  expect(file).toMatchObject({ id: 101, size: 2.5 * MIB });
  expect(server.asked[0]).toBe("POST");
  expect(server.asked.at(-1)).toBe("GET");
  expect(server.asked.filter((one) => one.startsWith("PATCH"))[1]).toBe(`PATCH ${MIB}`);
  expect(sent).toEqual([...sent].sort((a, b) => a - b));
  expect(sent.at(-1)).toBe(2.5 * MIB);
  expect(ids).toEqual(["u1"]);
});

it("says name and hints in base64 of UTF-8", async () => {
  await upload(sending(10));
  const said = Object.fromEntries(server.only.metadata.split(",").map((pair) => pair.split(" ")));
  const read = (text: string) =>
    new TextDecoder().decode(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
  expect(read(said.filename!)).toBe("garden – März.jpg");
  expect(JSON.parse(read(said.hints!))).toEqual({ width: 4, height: 3 });
});

it("goes on where the server ended when the line breaks in the middle of a piece", async () => {
  server.breakAfter = 300_000;
  const file = await upload(sending(MIB));
  expect(file.size).toBe(MIB);
  expect(server.asked).toEqual(["POST", "PATCH 0", "HEAD", "PATCH 300000", "GET"]);
  expect(rests).toEqual([[0, 0]]);
  expect(ids).toEqual(["u1"]);
});

it("waits for the line as long as it takes", async () => {
  server.online = false;
  const file = await upload(
    sending(10, {
      rest: async (tries) => {
        rests.push([tries, 0]);
        if (tries === 30) server.online = true;
      },
    }),
  );
  expect(file.id).toBe(101);
  expect(rests).toHaveLength(31);
});

it("goes on with what another page began", async () => {
  server.breakAfter = 400;
  const stop = new AbortController();
  await expect(
    upload(sending(1000, { signal: stop.signal, rest: async () => stop.abort(new Error("closed")) })),
  ).rejects.toThrow("closed");
  server.asked = [];
  await upload(sending(1000, { id: ids[0] }));
  expect(server.asked).toEqual(["HEAD", "PATCH 400", "GET"]);
});

it("asks what became of it when the last answer was lost", async () => {
  server.breakAfter = 1000;
  const { held } = server;
  await upload(
    sending(1000, {
      rest: async () => {
        held.get("u1")!.file = { id: 9, name: "", type: "", size: 1000 };
      },
    }),
  ).then((file) => expect(file.id).toBe(9));
  expect(server.asked).toEqual(["POST", "PATCH 0", "HEAD", "GET"]);
});

it("asks for the place again after wrong_offset", async () => {
  server.wrong = { PATCH: [{ status: 409, code: "wrong_offset" }] };
  await upload(sending(1000));
  expect(server.asked).toEqual(["POST", "PATCH 0", "HEAD", "PATCH 0", "GET"]);
});

it("begins anew where the server does not know it any more", async () => {
  await upload(sending(1000, { id: "forgotten" }));
  expect(server.asked).toEqual(["HEAD", "POST", "PATCH 0", "GET"]);
  expect(ids).toEqual([undefined, "u1"]);
});

it("waits as long as the server says when it is busy", async () => {
  server.wrong = { POST: [{ status: 429, code: "rate_limited", retryAfter: 2 }] };
  await upload(sending(1000));
  expect(rests).toEqual([[0, 2000]]);
});

it.each([
  [413, "too_large", "Files can be 100 MB."],
  [400, "invalid", "A name is missing."],
  [507, "storage_full", "There is no room."],
])("gives up on %i with the server's words", async (status, code, detail) => {
  server.wrong = { POST: [{ status, code, detail }] };
  const error = await upload(sending(1000)).catch((it: unknown) => it);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ code, detail });
  expect(rests).toEqual([]);
});

it("gives up on an error of the server that does not pass", async () => {
  server.wrong = { POST: Array(20).fill({ status: 500, code: "internal", detail: "Broken." }) };
  await expect(upload(sending(1000))).rejects.toMatchObject({ code: "internal" });
  expect(rests).toHaveLength(8);
});

it("takes a line on which nothing moves for dead", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  server.silent = true;
  const done = upload(
    sending(1000, {
      rest: async () => {
        server.silent = false;
      },
    }),
  );
  await vi.advanceTimersByTimeAsync(31_000);
  expect((await done).id).toBe(101);
});

it("stops when it is told to, and drops what was begun", async () => {
  const stop = new AbortController();
  server.silent = true;
  const done = upload(sending(1000, { signal: stop.signal }));
  await vi.waitFor(() => expect(server.asked).toEqual(["POST", "PATCH 0"]));
  stop.abort(new Error("enough"));
  await expect(done).rejects.toThrow("enough");
  await giveUp("u1");
  expect(server.held.size).toBe(0);
});

it("sends an empty file", async () => {
  await upload(sending(0));
  expect(server.asked).toEqual(["POST", "GET", "PATCH 0", "GET"]);
});
