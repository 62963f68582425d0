import { expect, it, vi } from "vitest";
import { api } from "../../wire/api";
import type { MessageEntry } from "../../wire/types";
import { Pins } from "./pins.svelte";

const pinned = (seq: number) =>
  ({ kind: "message", seq, author: 2, text: "", pinned: true }) as unknown as MessageEntry;

it("shows what is pinned by then when a pin could not be taken off", async () => {
  const get = vi.spyOn(api, "get").mockResolvedValueOnce({ pins: [pinned(2), pinned(1)] });
  const pins = new Pins(7);
  await pins.load();
  get.mockResolvedValueOnce({ pins: [pinned(3), pinned(1)] });
  vi.spyOn(api, "delete").mockRejectedValueOnce(new Error("busy"));
  await expect(pins.unpin(pinned(1))).rejects.toThrow("busy");
  await vi.waitFor(() => expect(pins.list.map(({ seq }) => seq)).toEqual([3, 1]));
});
