import { beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "../wire/api";
import type { ServerFrame } from "../wire/types";
import { feed } from "./feed.svelte";
import { fresh } from "./fresh";
import { saved } from "./saved.svelte";

const told = (seq: number) => ({ t: "saved", room: 7, seq, at: "2026-06-12T09:00:00.000Z" }) as ServerFrame;

describe("an answer that is older than what the line told", () => {
  it("is asked for again, until nothing came meanwhile", async () => {
    const ask = vi.fn(async () => {
      if (ask.mock.calls.length === 1) feed.take(told(1));
      return ask.mock.calls.length;
    });
    expect(await fresh(ask, ({ t }) => t === "saved")).toBe(2);
  });

  it("stands where what came is about something else", async () => {
    const ask = vi.fn(async () => feed.take(told(1)));
    await fresh(ask, ({ t }) => t === "quiet");
    expect(ask).toHaveBeenCalledOnce();
  });

  it("stands at last where something comes all the time", async () => {
    const ask = vi.fn(async () => feed.take(told(1)));
    await fresh(ask, ({ t }) => t === "saved");
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it("is not listened for any more when it failed", async () => {
    const about = vi.fn(() => false);
    await expect(fresh(() => Promise.reject(new Error("no line")), about)).rejects.toThrow("no line");
    feed.take(told(1));
    expect(about).not.toHaveBeenCalled();
  });
});

describe("what I save while the page asks what I saved", () => {
  beforeEach(() => vi.restoreAllMocks());

  it("stays", async () => {
    const kept = [told(3)];
    vi.spyOn(api, "put").mockResolvedValue(undefined as never);
    vi.spyOn(api, "get").mockImplementation((async () => {
      const read = { saved: [...kept] };
      if (kept.length === 1) {
        await saved.save(7, 4);
        kept.push(told(4));
        feed.take(told(4));
      }
      return read;
    }) as typeof api.get);
    await saved.load();
    expect([saved.has(7, 3), saved.has(7, 4)]).toEqual([true, true]);
  });
});
