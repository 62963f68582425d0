// The rooms that I am in, and everything that one does with a room.
//   rooms.list        newest activity first · rooms.unreadFirst, .named, .direct: the sidebar's three groups
//   rooms.open        the Room on the screen (by the address), or null · rooms.missing: the address names none of mine
//   rooms.get(id)     Room | undefined
//   rooms.unread, rooms.mentions   sums for title and icon, by each room's level
// Actions throw ApiError; those that make or join answer the Room. Names, levels and counts come back by the live line.
import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import { router } from "../lib/router.svelte";
import { ApiError, api } from "../wire/api";
import type {
  Room as Info,
  Level,
  Member,
  MembersPage,
  Read,
  RoomId,
  RoomsPage,
  Seq,
  Time,
  User,
  UserId,
} from "../wire/types";
import { people } from "./people.svelte";
import { Room } from "./room.svelte";

/** Windows kept behind the open room, so that going back is instant; some thousand rows at most. */
const KEPT = 30;

class Rooms {
  #rooms = new SvelteMap<RoomId, Room>();
  #visited: RoomId[] = [];
  /** A room that I look into without being a member. */
  #visit = $state.raw<Room | null>(null);
  missing = $state(false);
  loaded = $state(false);

  list = $derived(
    [...this.#rooms.values()].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : b.id - a.id)),
  );
  unreadFirst = $derived(this.list.filter((room) => room.lit && !room.archived));
  named = $derived(
    this.list
      .filter((room) => !room.direct && !room.archived)
      .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true })),
  );
  direct = $derived(this.list.filter((room) => room.direct));
  archived = $derived(this.list.filter((room) => room.archived));
  openId = $derived(router.route.name === "room" ? router.route.room : null);
  open = $derived(
    this.openId === null
      ? null
      : (this.#rooms.get(this.openId) ?? (this.#visit?.id === this.openId ? this.#visit : null)),
  );
  unread = $derived(this.list.reduce((sum, room) => sum + (room.level === "all" ? room.unread : 0), 0));
  mentions = $derived(
    this.list.reduce((sum, room) => sum + (room.level === "nothing" ? 0 : room.mentions), 0),
  );

  get(id: RoomId): Room | undefined {
    return this.#rooms.get(id);
  }

  /** The first page of the list. */
  first(): Promise<RoomsPage> {
    return this.#page();
  }
  #page(cursor?: string): Promise<RoomsPage> {
    return api.get("rooms", { cursor, limit: 200 });
  }
  /** The whole list as the server has it: at the start, and after a break. */
  async load(first = this.first()): Promise<void> {
    let page = await first;
    const infos: Info[] = [...page.rooms];
    while (page.next) {
      page = await this.#page(page.next);
      infos.push(...page.rooms);
    }
    const mine = new Set(infos.map((info) => info.id));
    for (const id of [...this.#rooms.keys()]) if (!mine.has(id)) this.forget(id);
    for (const info of infos) this.learn(info);
    this.loaded = true;
  }

  /** A room that I am in, new or known. */
  learn(info: Info): Room {
    const known = this.#rooms.get(info.id);
    if (known) {
      known.merge(info);
      return known;
    }
    if (info.people) people.learn(info.people);
    const room = new Room(info);
    if (info.role !== undefined) this.#rooms.set(info.id, room);
    return room;
  }

  forget(id: RoomId): void {
    this.#rooms.get(id)?.close();
    this.#rooms.delete(id);
    if (this.openId === id) router.go("/", { replace: true });
  }

  clear(): void {
    for (const room of this.#rooms.values()) room.close();
    this.#rooms.clear();
    this.#visit = null;
    this.#visited = [];
    this.loaded = false;
  }

  /** Keeps up with the address line; answers how to stop. */
  follow(): () => void {
    return $effect.root(() => {
      $effect(() => {
        const id = this.openId;
        if (id !== null) untrack(() => void this.visit(id));
      });
    });
  }

  /** The room on the screen changed: keeps the windows of the last few, and looks for one that I am not in. */
  async visit(id: RoomId): Promise<void> {
    this.missing = false;
    this.#visited = [id, ...this.#visited.filter((other) => other !== id)];
    for (const old of this.#visited.splice(KEPT)) this.#rooms.get(old)?.timeline.drop();
    if (this.#rooms.has(id) || this.#visit?.id === id) return;
    try {
      const info = await api.get<Info>(`rooms/${id}`);
      if (info.role !== undefined) this.learn(info);
      else this.#visit = new Room(info);
    } catch (error) {
      this.missing = this.openId === id && error instanceof ApiError && error.code !== "offline";
    }
  }

  async create(room: { name: string; topic?: string; private?: boolean }): Promise<Room> {
    return this.learn(await api.post<Info>("rooms", room));
  }
  /** Open rooms of this server, for browsing; `joined` by whether `role` is there. */
  browse(q?: string, cursor?: string): Promise<RoomsPage> {
    return api.get("rooms", { scope: "open", q, cursor });
  }
  async join(id: RoomId): Promise<Room> {
    const room = this.learn(await api.post<Info>(`rooms/${id}/members`, {}));
    this.#visit = null;
    return room;
  }
  async leave(id: RoomId): Promise<void> {
    await api.delete(`rooms/${id}/members/me`);
    this.forget(id);
  }
  rename(id: RoomId, name: string): Promise<void> {
    return this.#save(id, { name });
  }
  setTopic(id: RoomId, topic: string): Promise<void> {
    return this.#save(id, { topic });
  }
  archive(id: RoomId, archived: boolean): Promise<void> {
    return this.#save(id, { archived });
  }
  /** The room of these people and me, made if it is not there yet; nobody else in it: my notes. */
  async openDirect(users: UserId[]): Promise<Room> {
    return this.learn(await api.post<Info>("direct", { users }));
  }

  /** `muted`: until then it disturbs me with nothing; `null` ends that. */
  async setLevel(id: RoomId, level: Level, muted: Time | null = null): Promise<void> {
    const room = this.#rooms.get(id);
    const before = { level: room?.info.level, muted_until: room?.info.muted_until };
    room?.change({ level, muted_until: muted ?? undefined });
    try {
      await api.put(`rooms/${id}/level`, { level, muted_until: muted });
    } catch (error) {
      room?.change(before);
      throw error;
    }
  }

  /** A page of who is in the room, with presence. */
  async members(
    id: RoomId,
    query: { q?: string; online?: boolean; cursor?: string } = {},
  ): Promise<MembersPage> {
    const page = await api.get<MembersPage>(`rooms/${id}/members`, { ...query, limit: 50 });
    people.learn(page.members);
    people.seen(page.members.map((member: Member) => [member.id, member.state]));
    return page;
  }
  async addPeople(id: RoomId, users: UserId[]): Promise<void> {
    await api.post(`rooms/${id}/members`, { users });
  }
  removePerson(id: RoomId, user: UserId): Promise<void> {
    return api.delete(`rooms/${id}/members/${user}`);
  }
  setRole(id: RoomId, user: UserId, role: "owner" | "member"): Promise<void> {
    return api.put(`rooms/${id}/members/${user}/role`, { role });
  }
  async bans(id: RoomId): Promise<User[]> {
    return (await api.get<{ bans: User[] }>(`rooms/${id}/bans`)).bans;
  }
  ban(id: RoomId, user: UserId): Promise<void> {
    return api.put(`rooms/${id}/bans/${user}`);
  }
  unban(id: RoomId, user: UserId): Promise<void> {
    return api.delete(`rooms/${id}/bans/${user}`);
  }

  /** Everything from this message on is unread again, on all my devices. */
  async markUnread(id: RoomId, seq: Seq): Promise<void> {
    const room = this.#rooms.get(id);
    if (!room) return;
    room.keepUnread = true;
    room.newFrom = seq;
    room.readAnswer(await api.put<Read>(`rooms/${id}/read`, { seq: seq - 1, unread: true }));
  }
  /** Everything is read, without opening the room. */
  async markRead(id: RoomId): Promise<void> {
    const room = this.#rooms.get(id);
    if (!room) return;
    room.readAnswer(
      await api.put<Read>(`rooms/${id}/read`, { seq: room.head, version: room.counts.version }),
    );
  }

  async #save(id: RoomId, change: { name?: string; topic?: string; archived?: boolean }): Promise<void> {
    this.#rooms.get(id)?.merge(await api.patch<Info>(`rooms/${id}`, change));
  }
}

export const rooms = new Rooms();
