// Short words for what cannot be said in its place (a link was copied, a room was archived by somebody). Polite: a screen
// reader says them, they go after a while, nothing waits for them.
//   notices.say(words.room.copied)            quiet
//   notices.offer(text, { label, act })       with one thing to do about it, for ten seconds
//   notices.wrong(error)                      from a refused call that has no field of its own on the screen

import { ApiError } from "../wire/api";
import { words } from "../words/en";

export type Offer = { label: string; act: () => void };
export type Notice = { id: number; text: string; wrong: boolean; offer?: Offer };

const STAYS = 5000;
const OFFERED = 10_000;

class Notices {
  list = $state.raw<Notice[]>([]);
  #next = 1;

  say(text: string): void {
    this.#add(text, false);
  }

  wrong(error: unknown): void {
    this.#add(reason(error), true);
  }

  offer(text: string, offer: Offer): void {
    this.#add(text, false, offer);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  #add(text: string, wrong: boolean, offer?: Offer): void {
    const notice = { id: this.#next++, text, wrong, ...(offer && { offer }) };
    this.list = [...this.list.slice(-2), notice];
    setTimeout(() => this.dismiss(notice.id), offer ? OFFERED : STAYS);
  }
}

/** The words for an error: the server's own detail where it has one. */
export function reason(error: unknown): string {
  if (!(error instanceof ApiError)) return words.errors.unknown;
  if (error.code === "offline") return words.errors.offline;
  return error.detail || words.errors.unknown;
}

export const notices = new Notices();
