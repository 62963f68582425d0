// The community's own emoji. The list is fetched when the first text names one, or the picker opens; the line tells when
// it changed.
//   own.list            all of them, by name · own.loaded, own.load() (throws) for the screens that show them all
//   own.get(name)       its file, or undefined: there is none of that name, or not yet
//   own.draws(text)     whether a text is a few emoji and nothing else, which are drawn big
//   own.put, own.remove throw ApiError
import { fileUrl, thumbUrl } from "../lib/files";
import { isBigEmoji } from "../lib/text";
import { api } from "../wire/api";
import type { Emoji, FileId } from "../wire/types";

class Own {
  list = $state.raw<Emoji[]>([]);
  loaded = $state(false);
  #files = $derived(new Map(this.list.map(({ name, file }) => [name, file])));
  #asked: Promise<void> | undefined;

  get(name: string): FileId | undefined {
    // Not while something is drawn.
    if (!this.#asked) queueMicrotask(() => this.load().catch(() => undefined));
    return this.#files.get(name);
  }

  draws(text: string): boolean {
    return isBigEmoji(text, (name) => this.get(name) !== undefined);
  }

  load(): Promise<void> {
    this.#asked ??= this.#fetch().catch((error) => {
      this.#asked = undefined;
      throw error;
    });
    return this.#asked;
  }

  /** The list changed, or may have while the line was gone. */
  changed(): void {
    if (!this.#asked) return;
    this.#asked = undefined;
    void this.load().catch(() => undefined);
  }

  async put(name: string, file: FileId): Promise<void> {
    await api.put(`emoji/${name}`, { file });
    this.changed();
  }

  async remove(name: string): Promise<void> {
    await api.delete(`emoji/${name}`);
    this.list = this.list.filter((emoji) => emoji.name !== name);
  }

  clear(): void {
    this.list = [];
    this.loaded = false;
    this.#asked = undefined;
  }

  async #fetch(): Promise<void> {
    const { emoji } = await api.get<{ emoji: Emoji[] }>("emoji");
    this.list = emoji.toSorted((a, b) => a.name.localeCompare(b.name));
    this.loaded = true;
  }
}

export const own = new Own();

const still = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");
/** Where its picture is: as it was sent, so that it moves, unless one asked that nothing does. */
export const emojiUrl = (file: FileId): string => (still?.matches ? thumbUrl(file, 160) : fileUrl(file));
