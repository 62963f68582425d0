// The files of messages that wait: ties each to its upload, lets it go when the last of them is there, and tells what failed.
// A part of the outbox that comes with the first file.
import type { ShownFile } from "../wire/files";
import type { Outbox, Pending } from "./outbox.svelte";
import type { Upload } from "./upload.svelte";
import { uploads as ours, type Uploads } from "./uploads.svelte";

const keysOf = ({ files }: Pick<Pending, "files">): string[] => files?.flatMap(({ key }) => key ?? []) ?? [];

export async function load(outbox: Outbox, uploads: Uploads = ours): Promise<Freight> {
  const freight = new Freight(outbox, uploads);
  uploads.onturned = (upload) => freight.turned(upload);
  uploads.onremoved = (upload) => void freight.removed(upload);
  uploads.start(outbox.me, outbox.tab);
  const held = [...(await outbox.box.all()), ...outbox.items].flatMap(keysOf);
  await uploads.restore(new Set(held));
  return freight;
}

export class Freight {
  #renewed = new Set<string>();

  constructor(
    private readonly outbox: Outbox,
    readonly uploads: Uploads,
  ) {}

  /** Its files are looked after in this tab from now on. */
  async bring(id: string): Promise<void> {
    const item = this.outbox.find(id);
    if (!item?.files) return;
    const shown = await this.uploads.belong(id, item.room, item.files);
    this.outbox.change(id, { files: shown });
    this.#look(item);
    this.outbox.turn();
  }

  again(item: Pending): void {
    for (const key of keysOf(item)) this.uploads.resume(key);
    // What cannot be read any more does not come back by asking.
    this.#look(item);
  }

  /**
   * It was refused for its files: it waited for longer than the server keeps a file that stands in no message. All of them
   * go once more; where that does not help either, it stays refused.
   */
  anew(item: Pending): void {
    const { client_id } = item;
    if (this.#renewed.has(client_id)) return;
    this.#renewed.add(client_id);
    for (const key of keysOf(item)) this.uploads.anew(key);
    const files = keysOf(item).flatMap((key) => this.uploads.get(key)?.shown() ?? []);
    this.outbox.change(client_id, { files, state: "waiting", code: undefined, why: undefined });
    this.#look(item);
    this.outbox.turn();
  }

  /** Its message is not to be sent: gone, or back into the tray. */
  release(item: Pending, kept: boolean): void {
    if (kept) this.uploads.untake(keysOf(item));
    else for (const key of keysOf(item)) this.uploads.remove(key);
  }

  arrived(item: Pending): void {
    this.uploads.forget(keysOf(item));
  }

  turned(upload: Upload): void {
    const item = this.#with(upload);
    if (!item?.files || item.seq !== undefined) return;
    const files = item.files.map((file) => (file.key === upload.key ? upload.shown() : file));
    // Why, is said at the file.
    const failed = upload.state === "failed" && { state: "failed" as const, code: undefined, why: "" };
    this.outbox.change(item.client_id, { files, ...failed });
    this.outbox.turn();
  }

  async removed(upload: Upload): Promise<void> {
    const item = this.#with(upload);
    if (!item?.files) return;
    const files: ShownFile[] = item.files.filter((file) => file.key !== upload.key);
    if (files.length === 0 && item.text === "") return this.outbox.drop(item.client_id);
    // Others may have failed as well.
    const wrong = keysOf({ files })
      .map((key) => this.uploads.get(key))
      .find((one) => one?.state === "failed");
    const state = wrong ? {} : { state: "waiting" as const, why: undefined };
    this.outbox.change(item.client_id, { files, ...state });
    this.outbox.turn();
  }

  #with(upload: Upload): Pending | undefined {
    return this.outbox.items.find((item) => keysOf(item).includes(upload.key));
  }

  #look(item: Pending): void {
    for (const key of keysOf(item)) {
      const upload = this.uploads.get(key);
      if (upload?.state === "done" || upload?.state === "failed") this.turned(upload);
    }
  }
}
