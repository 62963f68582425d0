// What I have begun to write in each room: at once in this browser, in a moment in my account, so that a reload, another
// tab and another device find it. What was typed here and not yet saved wins over what comes from elsewhere. What was begun
// in a thread stays in this browser.
import { tooLong } from "../lib/text";
import { type ApiError, api, passes } from "../wire/api";
import type { RoomId, UserId } from "../wire/types";
import type { Desk, DeskId } from "./desk";
import { live } from "./live.svelte";
import { rooms } from "./rooms.svelte";

const SAVE_AFTER = 1200;
/** What was sent is no draft any more: soon, so that a tab closed right after leaves none behind. */
const EMPTY_AFTER = 150;
const AGAIN_AT_MOST = 60_000;

class Drafts {
  #me: UserId = 0;
  #saving = new Map<RoomId, ReturnType<typeof setTimeout>>();
  #last = new Map<RoomId, Promise<void>>();

  /** The rooms are loaded. */
  start(me: UserId): void {
    this.#me = me;
    this.#again();
    live.back(this.#again);
  }

  /** What is kept here was not saved: a reload or a break of the line came in between. */
  #again = (): void => {
    for (const room of rooms.list) {
      const kept = this.kept(room.id);
      if (kept === null) continue;
      room.draft = kept;
      this.#saveSoon(room.id, kept);
    }
  };

  write(desk: Desk, text: string): void {
    if (desk.draft === text) return;
    desk.draft = text;
    if (!desk.joined) return;
    if (typeof desk.id === "string") return this.#keep(desk.id, text || null);
    this.#keep(desk.id, text);
    this.#saveSoon(desk.id, text);
  }

  /** What this browser holds of it. */
  kept(id: DeskId): string | null {
    try {
      return localStorage.getItem(this.#key(id));
    } catch {
      return null;
    }
  }

  fromElsewhere(id: RoomId, text: string): void {
    const room = rooms.get(id);
    if (room && !this.#saving.has(id)) room.draft = text;
  }

  #saveSoon(id: RoomId, text: string, after = text === "" ? EMPTY_AFTER : SAVE_AFTER): void {
    clearTimeout(this.#saving.get(id));
    const save = async () => {
      // One at a time: a slow one must not reach the server after the one that took its place.
      await this.#last.get(id);
      // What is longer than a message may be, an account does not take: it stays in this browser.
      if (this.#saving.get(id) !== timer || tooLong(text) > 0) return;
      try {
        await api.put(`rooms/${id}/draft`, { text });
        if (this.kept(id) === text) this.#keep(id, null);
      } catch (error) {
        // It stays in this browser. What only passes is tried again, unless there is something newer to save.
        const { code, retryAfterMs = Math.min(2 * after, AGAIN_AT_MOST) } = error as ApiError;
        if (passes(code) && this.#saving.get(id) === timer) this.#saveSoon(id, text, retryAfterMs);
      } finally {
        // One that was typed while this one was under way has a save of its own to come.
        if (this.#saving.get(id) === timer) this.#saving.delete(id);
      }
    };
    const timer = setTimeout(() => this.#last.set(id, save()), after);
    this.#saving.set(id, timer);
  }

  #key(id: DeskId): string {
    return `parlour:draft:${this.#me}:${id}`;
  }

  #keep(id: DeskId, text: string | null): void {
    try {
      if (text === null) localStorage.removeItem(this.#key(id));
      else localStorage.setItem(this.#key(id), text);
    } catch {
      // A full or forbidden store: the account still has it.
    }
  }
}

export const drafts = new Drafts();
