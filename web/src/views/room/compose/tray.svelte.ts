// What the composer knows of files before the first one: the rest comes when somebody picks, drops, pastes or speaks.
import { remembered } from "../../../lib/memory";
import { feed } from "../../../state/feed.svelte";
import { notices } from "../../../state/notices.svelte";
import { self } from "../../../state/self.svelte";
import type { Uploads } from "../../../state/uploads.svelte";
import type { RoomId } from "../../../wire/types";
import { words } from "../../../words/en";

class Tray {
  /** There once it was needed. */
  uploads = $state.raw<Uploads | undefined>();

  /** After a reload: what lay in a tray lies there again. */
  wake(): void {
    if (remembered(`parlour:tray:${self.id}`)) void this.load().catch(() => undefined);
  }

  count(room: RoomId): number {
    return this.uploads?.tray(room).length ?? 0;
  }

  async load(): Promise<Uploads> {
    this.uploads = await feed.outbox.uploads();
    return this.uploads;
  }

  async add(room: RoomId, files: File[]): Promise<void> {
    if (files.length === 0) return;
    await this.load().then(
      (uploads) => uploads.add(room, files),
      () => notices.say(words.parts.unreachable),
    );
  }
}

export const tray = new Tray();

/** What a paste holds beside text. A table from an office program comes with a picture of itself: its text is meant. */
export function filesIn(data: DataTransfer | null): File[] {
  const given = [...(data?.files ?? [])];
  const text = data?.types.includes("text/plain") && data.types.includes("text/html");
  return text ? [] : given;
}
