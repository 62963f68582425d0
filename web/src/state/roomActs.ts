// Everything that one does with a room that is no part of the first screen. Actions throw ApiError; those that make a room
// answer it. Names, levels and counts come back by the live line.
import { api } from "../wire/api";
import type { Room as Info, Level, Read, RoomId, RoomsPage, Seq, Time, User, UserId } from "../wire/types";
import { feed } from "./feed.svelte";
import { InTurn } from "./inTurn";
import type { Room } from "./room.svelte";
import { rooms } from "./rooms.svelte";

async function save(
  id: RoomId,
  change: { name?: string; topic?: string; archived?: boolean },
): Promise<void> {
  rooms.get(id)?.merge(await api.patch<Info>(`rooms/${id}`, change));
}

type Loudness = Pick<Info, "level" | "muted_until">;
const levels = new InTurn<Room, Loudness>((room, loudness) => room.change(loudness));
feed.hear((frame) => {
  const room = frame.t === "level" && rooms.get(frame.room);
  if (room) levels.confirmed(room, { level: frame.level, muted_until: frame.muted_until });
});

export const roomActs = {
  create: async (room: { name: string; topic?: string; private?: boolean }): Promise<Room> =>
    rooms.learn(await api.post<Info>("rooms", room)),
  /** The room of these people and me, made if it is not there yet; nobody else in it: my notes. */
  openDirect: async (users: UserId[]): Promise<Room> =>
    rooms.learn(await api.post<Info>("direct", { users })),
  /** Open rooms of this server, for browsing; `joined` by whether `role` is there. */
  browse: (q?: string, cursor?: string): Promise<RoomsPage> => api.get("rooms", { scope: "open", q, cursor }),
  join: async (id: RoomId): Promise<Room> => rooms.learn(await api.post<Info>(`rooms/${id}/members`, {})),
  async leave(id: RoomId): Promise<void> {
    rooms.leaving = id;
    try {
      await api.delete(`rooms/${id}/members/me`);
      rooms.forget(id);
    } finally {
      rooms.leaving = null;
    }
  },

  rename: (id: RoomId, name: string): Promise<void> => save(id, { name }),
  setTopic: (id: RoomId, topic: string): Promise<void> => save(id, { topic }),
  archive: (id: RoomId, archived: boolean): Promise<void> => save(id, { archived }),

  /** `muted`: until then it disturbs me with nothing; `null` ends that. */
  async setLevel(id: RoomId, level: Level, muted: Time | null = null): Promise<void> {
    const room = rooms.get(id);
    if (!room) return;
    const now = { level: room.info.level, muted_until: room.info.muted_until };
    const to = { level, muted_until: muted ?? undefined };
    await levels.change(room, now, to, () => api.put(`rooms/${id}/level`, { level, muted_until: muted }));
  },

  addPeople: (id: RoomId, users: UserId[]): Promise<void> => api.post(`rooms/${id}/members`, { users }),
  removePerson: (id: RoomId, user: UserId): Promise<void> => api.delete(`rooms/${id}/members/${user}`),
  setRole: (id: RoomId, user: UserId, role: "owner" | "member"): Promise<void> =>
    api.put(`rooms/${id}/members/${user}/role`, { role }),
  bans: async (id: RoomId): Promise<User[]> => (await api.get<{ bans: User[] }>(`rooms/${id}/bans`)).bans,
  ban: (id: RoomId, user: UserId): Promise<void> => api.put(`rooms/${id}/bans/${user}`),
  unban: (id: RoomId, user: UserId): Promise<void> => api.delete(`rooms/${id}/bans/${user}`),

  /** Everything from this message on is unread again, on all my devices. */
  async markUnread(id: RoomId, seq: Seq): Promise<void> {
    const room = rooms.get(id);
    if (!room) return;
    const counts = await api.put<Read>(`rooms/${id}/read`, { seq: seq - 1, unread: true });
    // Not before: where it is refused, what is on the screen goes on being read.
    room.keepUnread = true;
    room.newFrom = seq;
    room.readAnswer(counts);
  },
};
