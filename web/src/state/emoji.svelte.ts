// The community's own emoji. The list is fetched when the first text names one, or somebody asks for it; the line tells
// when it changed.
//   own.list            all of them · own.load() for the screens that show them all (throws)
//   own.get(name)       its file, or undefined: there is none of that name, or not yet
//   own.url(name)       where its picture is
//   own.draws(text)     whether a text is a few emoji and nothing else, which are drawn big

import { isBigEmoji } from "../lib/text";
import { api } from "../wire/api";
import { fileUrl, thumbUrl } from "../wire/files";
import type { Emoji, FileId } from "../wire/types";
import { Listed } from "./listed.svelte";

const still = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

class Own extends Listed<Emoji> {
  #files = $derived(new Map(this.list.map(({ name, file }) => [name, file])));

  constructor() {
    super(async () => (await api.get<{ emoji: Emoji[] }>("emoji")).emoji);
  }

  get(name: string): FileId | undefined {
    // Not while something is drawn.
    if (!this.asked) queueMicrotask(() => this.load().catch(() => undefined));
    return this.#files.get(name);
  }

  /** As it was sent, so that it moves, unless one asked that nothing does. */
  url(name: string): string {
    const file = this.#files.get(name) ?? 0;
    return still?.matches ? thumbUrl(file, 160) : fileUrl(file);
  }

  draws(text: string): boolean {
    return isBigEmoji(text, (name) => this.get(name) !== undefined);
  }
}

export const own = new Own();
