// Completing ":name" to an emoji, "@name" to people and groups, "#name" to a room, as one types. The list opens by itself, arrows
// choose, Enter or Tab takes, Escape closes it until the next word.

import type { IconName } from "../../parts/icons.gen";
import type { Room } from "../../state/room.svelte";
import type { User } from "../../wire/types";
import { apply } from "./compose/put";

export type Suggestion = {
  key: string;
  /** What takes the place of what was typed. */
  word: string;
  name: string;
  /** How it is written, or what else there is to know of it. */
  aside?: string | undefined;
  user?: User;
  /** An emoji, or the address of its picture. */
  char?: string;
  src?: string | undefined;
  icon?: IconName;
  /** Of a room. */
  door?: boolean;
  keyhole?: boolean;
};
type Sign = ":" | "@" | "#";
type Word = { sign: Sign; query: string; from: number };

/** The word before the caret that asks for completion. */
export function asked(text: string, caret: number): Word | undefined {
  const match = /(?:^|[\s([{"'])([:@#])([\p{L}\p{N}\p{M}_.+-]*)$/u.exec(
    text.slice(Math.max(0, caret - 40), caret),
  );
  if (!match) return undefined;
  const [, sign, query] = match as unknown as [string, Sign, string];
  return { sign, query: query.toLowerCase(), from: caret - query.length - 1 };
}

export class Completion {
  list = $state.raw<Suggestion[]>([]);
  at = $state(0);
  open = $derived(this.list.length > 0);
  #from = 0;
  #query = "";
  #shut = -1;
  #turn = 0;
  /** The newest look, over once its list is there or another one began. */
  #looking = Promise.resolve();

  /** `field` is where one writes: what is found late is for what stands before the caret by then. */
  constructor(
    private readonly room: Room,
    private readonly field: () => HTMLTextAreaElement | undefined,
  ) {}

  look(): Promise<void> {
    this.#looking = this.#find();
    return this.#looking;
  }
  async #find(): Promise<void> {
    const turn = ++this.#turn;
    const word = this.#word();
    if (!word || word.from === this.#shut) {
      if (!word) this.#shut = -1;
      this.list = [];
      return;
    }
    // With the sign alone its code comes, so that it is there when the letters are.
    const find = await import("./suggest").catch(() => undefined);
    const found = (await find?.suggest[word.sign](word.query, this.room)) ?? [];
    if (turn !== this.#turn) return;
    const now = this.#word();
    if (now?.from !== word.from || now.query !== word.query) return this.look();
    this.#from = word.from;
    this.#query = word.query;
    this.list = found;
    this.at = 0;
  }

  close(): void {
    this.#turn += 1;
    this.list = [];
  }

  /** Whether the key was ours. */
  key(key: string): boolean {
    const last = this.list.length - 1;
    if (key === "ArrowDown") this.at = this.at === last ? 0 : this.at + 1;
    else if (key === "ArrowUp") this.at = this.at === 0 ? last : this.at - 1;
    else if (key === "Escape") {
      this.#shut = this.#from;
      this.close();
    } else return false;
    return true;
  }

  /**
   * Takes the chosen one, once the list has followed what was typed: who is quicker than it means the first that fits. Where nothing
   * does, the key meant something else.
   */
  async choose(nothing?: () => void): Promise<void> {
    let seen: Promise<void> | undefined;
    while (this.open && this.#isLate() && seen !== this.#looking) {
      seen = this.#looking;
      await seen;
    }
    if (this.open) this.pick(this.at);
    else nothing?.();
  }

  /** Puts it in the place of the word. */
  pick(at: number): void {
    const [it, field, from] = [this.list[at], this.field(), this.#from];
    if (!it || !field) return;
    this.close();
    const { value, selectionStart: caret } = field;
    const put = `${it.word} `;
    const end = from + put.length;
    apply(field, { from, to: value[caret] === " " ? caret + 1 : caret, put, select: [end, end] });
  }

  /** Whether the list is for something else than what stands before the caret. */
  #isLate(): boolean {
    const word = this.#word();
    return word !== undefined && (word.from !== this.#from || word.query !== this.#query);
  }

  #word() {
    const field = this.field();
    return field && asked(field.value, field.selectionStart);
  }
}
