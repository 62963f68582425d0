import { reason } from "../../state/notices.svelte";
import { people } from "../../state/people.svelte";
import type { Room } from "../../state/room.svelte";
import { rooms } from "../../state/rooms.svelte";
import type { Member, State } from "../../wire/types";

export type Line = { head: State; count: number | null } | { member: Member };

/** More than the server lets one watch: beyond it people stay in the group in which they were found. */
const WATCHED = 500;

/**
 * Who is in a room, page by page as one scrolls: first those who are there now, then everybody. A room of 20,000 is
 * never fetched whole.
 */
export class Members {
  #list = $state.raw<Member[]>([]);
  #seen = new Set<number>();
  #cursor: string | undefined;
  #phase: "online" | "all" | "done" = "online";
  #asking = false;
  #query = "";
  loaded = $state(false);
  done = $state(false);
  wrong = $state("");

  constructor(private readonly room: Room) {}

  /** The first page anew: the query changed, or who is in it did. */
  async find(query: string): Promise<void> {
    this.#query = query;
    this.#phase = query ? "all" : "online";
    this.#cursor = undefined;
    this.#asking = false;
    this.done = false;
    await this.#page(true);
    // those who are there are few where a room is small: go on until the first screen is full
    if (this.#list.length < 30) await this.more();
  }

  async more(): Promise<void> {
    if (!this.done && !this.#asking && this.loaded && !this.wrong) await this.#page(false);
  }

  forget(id: number): void {
    this.#list = this.#list.filter((member) => member.id !== id);
  }
  setRole(id: number, role: Member["role"]): void {
    this.#list = this.#list.map((member) => (member.id === id ? { ...member, role } : member));
  }

  ids = $derived(this.#list.slice(0, WATCHED).map((member) => member.id));

  lines = $derived.by((): Line[] => {
    const groups: Record<State, Member[]> = { online: [], away: [], dnd: [], offline: [] };
    const fresh = this.#list.length <= WATCHED;
    for (const member of this.#list) groups[fresh ? people.state(member.id) : member.state].push(member);
    return (["online", "away", "dnd", "offline"] as const).flatMap((head): Line[] => {
      const found = groups[head];
      if (found.length === 0) return [];
      // a number that is only "so far" would lie
      const whole = this.done || (head !== "offline" && this.#phase !== "online");
      return [{ head, count: whole ? found.length : null }, ...found.map((member) => ({ member }))];
    });
  });

  async #page(first: boolean): Promise<void> {
    const query = this.#query;
    const phase = this.#phase;
    this.#asking = true;
    try {
      const page = await rooms.members(this.room.id, {
        q: query || undefined,
        online: phase === "online" ? true : undefined,
        cursor: this.#cursor,
      } as { q?: string; online?: boolean; cursor?: string });
      if (query !== this.#query) return; // one typed on meanwhile
      if (first) this.#seen.clear();
      const news = page.members.filter((member) => !this.#seen.has(member.id));
      for (const member of news) this.#seen.add(member.id);
      this.#cursor = page.next;
      if (!page.next) this.#phase = phase === "online" ? "all" : "done";
      this.done = this.#phase === "done";
      this.#list = first ? news : [...this.#list, ...news];
      this.loaded = true;
      this.wrong = "";
    } catch (error) {
      this.wrong = reason(error);
    } finally {
      if (query === this.#query) this.#asking = false;
    }
  }
}
