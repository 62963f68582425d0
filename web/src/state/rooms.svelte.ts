// The rooms that I am in. What one does with a room, beyond the first screen, is in `roomActs`.
//   rooms.list        newest activity first · rooms.unreadFirst, .named, .direct: the sidebar's three groups
//   rooms.open        the Room on the screen (by the address), or null · rooms.missing: the address names none of mine
//   rooms.get(id)     Room | undefined
//   rooms.unread, rooms.mentions   sums for title and icon, by each room's level
// Names, levels and counts come by the live line.
import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import { router } from "../lib/router.svelte";
import { type ApiError, api, passes } from "../wire/api";
import type { Room as Info, Member, MembersPage, RoomId, RoomsPage } from "../wire/types";
import { people } from "./people.svelte";
import { Room } from "./room.svelte";

/** Windows kept behind the open room, so that going back is instant; some thousand rows at most. */
const KEPT = 30;
/** A room that could not be had is asked for again after this. */
const AGAIN = 2000;

class Rooms {
  #rooms = new SvelteMap<RoomId, Room>();
  #visited: RoomId[] = [];
  /** How often I came into a room or out of one. */
  #moves = 0;
  /** A room that I look into without being a member. */
  #visit = $state.raw<Room | null>(null);
  missing = $state(false);
  /** The missing one, where it was on the screen until I was in it no more: nobody is led away from what they look at. */
  lost = $state.raw<Room | null>(null);
  /** One that I leave here and now: of that nothing has to be said. */
  leaving: RoomId | null = null;
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
    const at = this.#moves;
    let page = await first;
    const infos: Info[] = [...page.rooms];
    while (page.next) {
      page = await this.#page(page.next);
      infos.push(...page.rooms);
    }
    // I came into one or out of one meanwhile: the list may be from before that.
    if (at !== this.#moves) return this.load();
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
    if (info.role !== undefined) {
      if (this.#visit?.id === info.id) this.#visit = null;
      this.#rooms.set(info.id, room);
      this.#moves += 1;
    }
    return room;
  }

  forget(id: RoomId): void {
    const room = this.#rooms.get(id);
    if (!room) return;
    room.close();
    this.#rooms.delete(id);
    this.#moves += 1;
    if (this.openId !== id) return;
    if (this.leaving === id) return router.go("/", { replace: true });
    this.lost = room;
    this.missing = true;
  }

  clear(): void {
    for (const room of this.#rooms.values()) room.close();
    this.#rooms.clear();
    this.#visit = this.lost = null;
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
    this.lost = null;
    this.#visited = [id, ...this.#visited.filter((other) => other !== id)];
    for (const old of this.#visited.splice(KEPT)) this.#rooms.get(old)?.timeline.drop();
    if (this.#rooms.has(id) || this.#visit?.id === id) return;
    try {
      const info = await api.get<Info>(`rooms/${id}`);
      if (info.role !== undefined) this.learn(info);
      else if (this.openId === id) this.#visit = new Room(info);
    } catch (error) {
      if (this.openId !== id) return;
      this.missing = !passes((error as ApiError).code);
      if (!this.missing) setTimeout(() => this.openId === id && void this.visit(id), AGAIN);
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
}

export const rooms = new Rooms();
