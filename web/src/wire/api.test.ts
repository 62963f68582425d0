import { beforeEach, expect, it, vi } from "vitest";
import { api } from "./api";

let asked: string[];
let status: number;
beforeEach(() => {
  asked = [];
  status = 200;
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    return new Response(JSON.stringify({ number: asked.length }), { status });
  });
});

it("gives an answer that was asked for before its time, once", async () => {
  void api.ahead("rooms/7/messages", { limit: 60 });
  expect(await api.get("rooms/7/messages", { limit: 60 })).toEqual({ number: 1 });
  expect(asked).toEqual(["/api/v1/rooms/7/messages?limit=60"]);
  expect(await api.get("rooms/7/messages", { limit: 60 })).toEqual({ number: 2 });
});

it("gives it to nobody who asks for something else", async () => {
  void api.ahead("rooms/7/messages", { limit: 60 });
  expect(await api.get("rooms/7/messages", { before: 9, limit: 60 })).toEqual({ number: 2 });
  expect(await api.get("rooms/7/messages", { limit: 60 })).toEqual({ number: 1 });
});

it("forgets a refusal", async () => {
  status = 401;
  await expect(api.ahead("rooms/7/messages")).rejects.toThrow();
  status = 200;
  expect(await api.get("rooms/7/messages")).toEqual({ number: 2 });
});
