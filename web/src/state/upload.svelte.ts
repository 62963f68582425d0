// One file on its way: what is known of it, and how a message shows it.
import type { Measures } from "../lib/measure";
import type { ShownFile } from "../wire/files";
import type { FileInfo, Hints, UserId } from "../wire/types";
import type { DeskId } from "./desk";

export type UploadState = "waiting" | "sending" | "paused" | "checking" | "done" | "failed";

/** What the disk holds of one, beside its bytes. */
export type Kept = Measures & {
  key: string;
  user: UserId;
  tab: string;
  room: DeskId;
  /** The message that it goes with. */
  message: string | null;
  /** Its place in the tray. */
  place: number;
  name: string;
  type: string;
  size: number;
  hints: Hints;
  alt: string;
  spoiler: boolean;
  paused: boolean;
  /** Bytes that were there. */
  sent: number;
  /** Why it failed. */
  failed?: string;
  /** The server's name for the upload. */
  id?: string;
  info?: FileInfo;
};

export class Upload {
  readonly key: string;
  readonly room: DeskId;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly hints: Hints;
  /** An object URL, where a browser can show what it is. */
  readonly src: string;
  message = $state.raw<string | null>(null);
  state = $state<UploadState>("waiting");
  /** Bytes that are there. */
  sent = $state(0);
  alt = $state("");
  spoiler = $state(false);
  measures = $state.raw<Measures>({});
  info = $state.raw<FileInfo | undefined>();
  /** Why it failed, for people. */
  why = $state("");
  id: string | undefined;
  measured: Promise<void> = Promise.resolve();
  /** Until the server names it. */
  readonly #stand = -1 - Math.floor(Math.random() * 2 ** 40);

  constructor(
    kept: Pick<Kept, "key" | "room" | "name" | "type" | "size" | "hints">,
    readonly bytes: Blob | undefined,
  ) {
    this.key = kept.key;
    this.room = kept.room;
    this.name = kept.name;
    this.type = kept.type;
    this.size = kept.size;
    this.hints = kept.hints;
    this.src = bytes && /^(image|video|audio)\//.test(kept.type) ? (URL.createObjectURL?.(bytes) ?? "") : "";
  }

  get progress(): number {
    if (this.state === "done") return 1;
    return this.size > 0 ? Math.min(1, this.sent / this.size) : 0;
  }
  /** Whether it will have small pictures: the server makes them of these. */
  get picture(): boolean {
    return /^image\/(jpeg|png|gif|webp)$/.test(this.type) && this.measures.width !== undefined;
  }

  /** As a message shows it. */
  shown(): ShownFile {
    const { key, name, type, size, src, alt, spoiler, info, measures, hints } = this;
    return {
      ...(info ?? { id: this.#stand, name, type, size, ...measures, ...hints }),
      ...(alt && { alt }),
      ...(spoiler && { spoiler }),
      // A picture that this browser cannot draw is a file like any other.
      ...(src && (this.picture || !type.startsWith("image/")) && { src }),
      key,
    };
  }
}
