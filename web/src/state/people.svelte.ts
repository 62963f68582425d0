// Who is who. Views ask for a person by id and get them now or in a moment; the answer is reactive.
//   people.get(id)          User | undefined (asked for behind the scenes when unknown)
//   people.name(id)         their name, or "…" until it is known
//   people.find(q)          people of this server whose name fits, for pickers
//   people.state(id)        "online" | "away" | "offline", true for those whom somebody watches
//   people.watch(ids)       in an $effect: `$effect(() => people.watch(ids))`; returns how to stop
import { SvelteMap } from "svelte/reactivity";
import { api } from "../wire/api";
import type { Listed, RoomId, State, User, UserId, UsersPage } from "../wire/types";
import { live } from "./live.svelte";

/** The contract's caps for one `watch` frame. */
const WATCHED_USERS = 500;
const WATCHED_ROOMS = 8;
/** Ids in one question. */
const AT_ONCE = 100;
const ASK_AFTER = 60;
/** When a server comes back, so do all at once: what is not urgent they ask it within this time. */
export const SPREAD = 5000;
const LOOKS = ["name", "colour", "avatar", "picture", "status"] as const;

class People {
  #users = new SvelteMap<UserId, User>();
  #states = new SvelteMap<UserId, State>();
  #wanted = new Set<UserId>();
  /** Those who may have another name by now. */
  #stale = new Set<UserId>();
  #absent = new Set<UserId>();
  #asked = new Set<UserId>();
  #asking: ReturnType<typeof setTimeout> | undefined;
  #watched = new Map<UserId, number>();
  #rooms = new Map<RoomId, number>();
  #told: ReturnType<typeof setTimeout> | undefined;

  get(id: UserId): User | undefined {
    const user = this.#users.get(id);
    if (!user && !this.#absent.has(id)) this.#want(id);
    return user;
  }

  /** For words that are said outside of the screen and cannot change afterwards. */
  async ask(id: UserId): Promise<User | undefined> {
    const known = this.#users.get(id);
    if (known) return known;
    const user = await api.get<User>(`users/${id}`).catch(() => undefined);
    if (user) this.learn([user]);
    return user;
  }

  name(id: UserId): string {
    return this.get(id)?.name ?? "…";
  }

  /** By a username that stands in a text. */
  named(username: string): User | undefined {
    for (const user of this.#users.values()) if (user.username === username) return user;
    return undefined;
  }

  state(id: UserId): State {
    return this.#states.get(id) ?? "offline";
  }

  /** All whom this page happens to know. */
  known(): IterableIterator<User> {
    return this.#users.values();
  }

  learn(users: Iterable<User>): void {
    for (const { id, username, name, colour, avatar, picture, status } of users) {
      const user = { id, username, name, colour, avatar, picture, status };
      this.#stale.delete(id);
      this.#asked.delete(id);
      const old = this.#users.get(id);
      if (!old || LOOKS.some((what) => old[what] !== user[what])) this.#users.set(id, user);
    }
  }

  /** From presence frames and from member lists. */
  seen(states: Iterable<[UserId, State]>): void {
    for (const [id, state] of states) if (this.#states.get(id) !== state) this.#states.set(id, state);
  }

  async find(q: string): Promise<Listed[]> {
    const { users } = await api.get<UsersPage>("users", { q, limit: 20 });
    this.learn(users);
    return users;
  }

  watch(ids: readonly UserId[]): () => void {
    return this.#count(this.#watched, ids);
  }

  /** Whose typing I show; the conversation asks for its own room. */
  watchRoom(id: RoomId): () => void {
    return this.#count(this.#rooms, [id]);
  }

  /** The line was gone for a while: nobody said who looks different since. */
  mayHaveChanged(): void {
    for (const id of this.#users.keys()) this.#stale.add(id);
    setTimeout(() => {
      for (const id of this.#stale) this.#want(id);
    }, Math.random() * SPREAD);
  }

  /** The server forgets the set with the connection. */
  tellAgain(): void {
    this.#tell();
  }

  #count<T>(set: Map<T, number>, ids: readonly T[]): () => void {
    for (const id of ids) set.set(id, (set.get(id) ?? 0) + 1);
    this.#tellSoon();
    return () => {
      for (const id of ids) {
        const left = (set.get(id) ?? 1) - 1;
        if (left > 0) set.set(id, left);
        else set.delete(id);
      }
      this.#tellSoon();
    };
  }

  #tellSoon(): void {
    this.#told ??= setTimeout(() => this.#tell(), 150);
  }

  #tell(): void {
    clearTimeout(this.#told);
    this.#told = undefined;
    const users = [...this.#watched.keys()].slice(0, WATCHED_USERS);
    live.send({ t: "watch", users, rooms: [...this.#rooms.keys()].slice(0, WATCHED_ROOMS) });
  }

  #want(id: UserId): void {
    if (this.#wanted.has(id) || this.#asked.has(id)) return;
    this.#wanted.add(id);
    // Not at once: a component asks while it draws, and a list of members on its way may bring them all together.
    this.#asking ??= setTimeout(() => this.#ask(), ASK_AFTER);
  }

  async #ask(): Promise<void> {
    const unknown = [...this.#wanted].filter((id) => !this.#users.has(id) || this.#stale.has(id));
    const ids = unknown.slice(0, AT_ONCE);
    const rest = unknown.slice(AT_ONCE);
    this.#wanted = new Set(rest);
    this.#asking = rest.length > 0 ? setTimeout(() => this.#ask(), ASK_AFTER) : undefined;
    if (ids.length === 0) return;
    for (const id of ids) this.#asked.add(id);
    try {
      const { users } = await api.get<UsersPage>("users", { ids: ids.join(",") });
      // Of whom the line told meanwhile, the answer may say what was before.
      this.learn(users.filter(({ id }) => this.#asked.has(id)));
      // Whoever is not there stays so; a broken line is another matter: the next drawing asks again.
      for (const id of ids) if (!this.#users.has(id)) this.#absent.add(id);
    } catch {
      // Nothing is known of them yet.
    } finally {
      for (const id of ids) this.#asked.delete(id);
    }
  }
}

export const people = new People();
