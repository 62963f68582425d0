import { beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "../wire/api";
import type { Room as Info, Me, ServerFrame } from "../wire/types";
import { feed } from "./feed.svelte";
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

describe("a level", () => {
  it("that is refused goes back to what the server has", async () => {
    vi.spyOn(api, "put").mockRejectedValue(new Error("busy"));
    const both = [roomActs.setLevel(7, "mentions"), roomActs.setLevel(7, "nothing")];
    expect(room.level).toBe("nothing");
    expect(await Promise.allSettled(both)).toMatchObject([{ status: "rejected" }, { status: "rejected" }]);
    expect(room.level).toBe("all");
  });

  it("that is refused goes back to what another device chose meanwhile", async () => {
    vi.spyOn(api, "put").mockImplementation(async () => {
      feed.take({ t: "level", room: 7, level: "mentions" } as ServerFrame);
      throw new Error("busy");
    });
    await expect(roomActs.setLevel(7, "nothing")).rejects.toThrow();
    expect(room.level).toBe("mentions");
  });
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
