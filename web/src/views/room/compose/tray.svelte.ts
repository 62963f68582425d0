// What the composer knows of files before the first one: the rest comes when somebody picks, drops, pastes or speaks.
import type { DeskId } from "../../../state/desk";
import { feed } from "../../../state/feed.svelte";
import { notices } from "../../../state/notices.svelte";
import { self } from "../../../state/self.svelte";
import type { Uploads } from "../../../state/uploads.svelte";
import { words } from "../../../words/en";

/** A pasted text longer than this, in letters, is easier to read as a file. */
export const LONG = 2000;

class Tray {
  /** There once they were needed. */
  kit = $state.raw<typeof import("./kit") | undefined>();
  #uploads = $state.raw<Uploads | undefined>();

  /** After a reload: what lay in a tray lies there again. */
  wake(): void {
    try {
      if (localStorage.getItem(`parlour:tray:${self.id}`)) void this.load();
    } catch {
      // A forbidden store remembers no tray.
    }
  }

  count(desk: DeskId): number {
    return this.#uploads?.tray(desk).length ?? 0;
  }

  async load(): Promise<Uploads | undefined> {
    try {
      // Together: what is drawn reads the other without asking.
      const [uploads, kit] = await Promise.all([feed.outbox.uploads(), import("./kit")]);
      this.#uploads = uploads;
      this.kit = kit;
      return uploads;
    } catch {
      notices.say(words.parts.unreachable);
    }
  }

  async add(desk: DeskId, files: Iterable<File>): Promise<void> {
    const given = [...files];
    await (await this.load())?.add(desk, given);
  }

  /** Takes files out of a paste; answers its text (or what was made of it) where that is so long that it could be one. */
  paste(desk: DeskId, event: ClipboardEvent, made?: string): string {
    const { types, files } = event.clipboardData!;
    const text = made ?? event.clipboardData!.getData("text/plain");
    // A table from an office program comes with a picture of itself: its text is meant.
    if (files.length > 0 && !(text && types.includes("text/html"))) {
      event.preventDefault();
      void this.add(desk, files);
      return "";
    }
    return text.length > LONG ? text.replace(/\r\n?/g, "\n") : "";
  }

  take(desk: DeskId) {
    return this.#uploads?.take(desk);
  }
}

export const tray = new Tray();
