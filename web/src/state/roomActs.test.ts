import { beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "../wire/api";
import type { Room as Info, Me } from "../wire/types";
import type { Room } from "./room.svelte";
import { roomActs } from "./roomActs";
import { rooms } from "./rooms.svelte";
import { self } from "./self.svelte";

let room: Room;
beforeEach(() => {
  self.me = { id: 1 } as Me;
  rooms.clear();
  const counts = { read: 9, version: 1, unread: 0, mentions: 0 };
  room = rooms.learn({ id: 7, head: 9, first: 1, role: "member", level: "all", ...counts } as Info);
});

describe("mark as unread", () => {
  it("draws the line where it is taken, and reads no further", async () => {
    vi.spyOn(api, "put").mockResolvedValue({ read: 4, version: 2, unread: 5, mentions: 0 });
    await roomActs.markUnread(7, 5);
    expect([room.newFrom, room.keepUnread, room.unread]).toEqual([5, true, 5]);
  });

  it("leaves all as it was where it is refused", async () => {
    vi.spyOn(api, "put").mockRejectedValue(new Error("busy"));
    await expect(roomActs.markUnread(7, 5)).rejects.toThrow();
    expect([room.newFrom, room.keepUnread, room.unread]).toEqual([null, false, 0]);
  });
});
