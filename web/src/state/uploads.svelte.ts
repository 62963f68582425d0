// Files on their way: in the tray of a room's composer, or with a message that waits for them. Their bytes are on this
// browser's disk until the message has arrived, so that a reload or another tab goes on where this one ended.
//   uploads.add(room, files)          into the tray (of a room, or of a thread); they begin to go at once, three at a time
//   uploads.tray(room)                what lies there, in order; reactive
//   uploads.get(key)                  one of them: state, progress, info …
//   uploads.pause, resume, again, remove, describe, hide, move
//   uploads.take(room)                out of the tray, for a message
// It comes with the first file that somebody picks: `feed.outbox.uploads()`.
import { Box } from "../lib/box";
import { measure } from "../lib/measure";
import { tabsAlive } from "../lib/tabs";
import { uuid7 } from "../lib/uuid";
import { ApiError, api } from "../wire/api";
import type { ShownFile } from "../wire/files";
import { giveUp, upload as send } from "../wire/tus";
import type { Hints, Limits, UserId } from "../wire/types";
import { sending as words } from "../words/en/sending";
import type { DeskId } from "./desk";
import { type Kept, Upload } from "./upload.svelte";

type Bytes = { key: string; bytes: Blob };
type Told = { room: DeskId; text: string };

const AT_ONCE = 3;
const ANSWER_WITHIN = 1_500;
const LONGEST_WAIT = 30_000;
/** A picture that was sent stays where it is until the server's own is drawn over it. */
const SHOWN_FOR = 60_000;

/** The file cannot be read any more: it was changed or moved away while it was sent. */
class Gone extends Error {}

export class Uploads {
  limits = $state.raw<Pick<Limits, "upload" | "files" | "alt">>({ upload: 100 << 20, files: 20, alt: 1000 });
  /** The session is over: what waits goes on with the next one. */
  #over = false;
  /** What was not taken, and why, for people. */
  refused = $state.raw<Told[]>([]);
  /** One of a message's files is done or failed. */
  onturned: (upload: Upload) => void = () => undefined;
  /** One of a message's files was taken away. */
  onremoved: (upload: Upload) => void = () => undefined;
  #all = $state.raw<Upload[]>([]);
  #me: UserId = 0;
  #tab = "";
  #kept = new Box<Kept>("parlour-files", "files", "key");
  #bytes = new Box<Bytes>("parlour-bytes", "bytes", "key");
  #running = new Map<string, AbortController>();
  #resting = new Set<() => void>();
  #known: Promise<void> | undefined;
  #restored: Promise<void> | undefined;

  /** For whom, and in which tab; said again, it changes nothing. */
  start(me: UserId, tab: string): void {
    if (this.#me === me) return;
    this.#me = me;
    this.#tab = tab;
    this.#over = false;
    globalThis.addEventListener?.("online", this.nudge);
  }

  stop(): void {
    globalThis.removeEventListener?.("online", this.nudge);
    const all = this.#all;
    this.#all = [];
    this.refused = [];
    this.#me = 0;
    this.#restored = undefined;
    for (const stop of this.#running.values()) stop.abort();
    this.#running.clear();
    for (const { src } of all) if (src) URL.revokeObjectURL(src);
  }

  get(key: string): Upload | undefined {
    return this.#all.find((one) => one.key === key);
  }
  tray(room: DeskId): Upload[] {
    return this.#all.filter((one) => one.room === room && one.message === null);
  }

  async add(room: DeskId, files: Iterable<File>, hints: Hints = {}): Promise<Upload[]> {
    await this.#learn();
    this.dismiss(room);
    const added: Upload[] = [];
    const { upload: most, files: many } = this.limits;
    let left = 0;
    for (const file of files) {
      const { name, size } = file;
      if (size > most) this.tell(room, words.tooLarge(name, size, most));
      else if (this.tray(room).length + added.length >= many) left += 1;
      else added.push(this.#make(room, file, hints));
    }
    if (left > 0) this.tell(room, words.tooMany(left, many));
    this.#all = [...this.#all, ...added];
    for (const one of added) void this.#store(one);
    this.#flag();
    this.#pump();
    return added;
  }

  tell(room: DeskId, text: string): void {
    this.refused = [...this.refused, { room, text }];
  }
  dismiss(room: DeskId): void {
    this.refused = this.refused.filter((one) => one.room !== room);
  }

  describe(key: string, alt: string): void {
    this.#with(key, (one) => {
      one.alt = alt.trim();
    });
  }
  hide(key: string, spoiler: boolean): void {
    this.#with(key, (one) => {
      one.spoiler = spoiler;
    });
  }
  pause(key: string): void {
    this.#with(key, (one) => {
      if (one.state === "done" || one.state === "failed") return;
      one.state = "paused";
      this.#running.get(key)?.abort();
    });
  }
  /** After a pause or a failure. */
  resume(key: string): void {
    this.#with(key, (one) => {
      if (one.state !== "paused" && one.state !== "failed") return;
      if (!one.bytes && !one.info) return;
      one.state = "waiting";
      one.why = "";
    });
    this.#pump();
  }
  /** From the start: the server does not know it any more. */
  anew(key: string): void {
    this.#with(key, (one) => {
      one.info = one.id = undefined;
      one.sent = 0;
      one.state = one.bytes ? "waiting" : "failed";
      if (!one.bytes) one.why = words.gone;
    });
    this.#pump();
  }

  remove(key: string): void {
    const one = this.get(key);
    if (!one) return;
    this.forget([key]);
    if (one.info) void api.delete(`files/${one.info.id}`).catch(() => undefined);
    else if (one.id) void giveUp(one.id);
    if (one.message !== null) this.onremoved(one);
  }

  /** Puts it before the one that stands at `to` in its tray. */
  move(key: string, to: number): void {
    const one = this.get(key);
    if (!one) return;
    const tray = this.tray(one.room).filter((other) => other !== one);
    tray.splice(Math.max(0, Math.min(to, tray.length)), 0, one);
    this.#all = [...this.#all.filter((other) => !tray.includes(other)), ...tray];
    for (const other of tray) this.#keep(other);
  }

  /** Out of the tray, for a message, as soon as their sizes are known. */
  async take(room: DeskId): Promise<ShownFile[]> {
    const tray = this.tray(room);
    this.dismiss(room);
    // Not in the tray from now on, and nobody's yet.
    for (const one of tray) one.message = "";
    this.#flag();
    await Promise.all(tray.map((one) => one.measured));
    for (const one of tray) if (one.state === "failed") this.resume(one.key);
    return tray.map((one) => one.shown());
  }
  /** Back into the tray: the message is to be changed. */
  untake(keys: string[]): void {
    for (const key of keys) {
      this.#with(key, (one) => {
        one.message = null;
      });
    }
    this.#flag();
  }

  /** These go with that message, in this tab from now on. Answers how they are shown here. */
  async belong(message: string, room: DeskId, files: ShownFile[]): Promise<ShownFile[]> {
    const shown: ShownFile[] = [];
    for (const file of files) {
      const one = file.key === undefined ? undefined : await this.#find(file.key, room, file);
      if (one) {
        one.message = message;
        this.#keep(one);
      }
      shown.push(one ? one.shown() : file);
    }
    this.#pump();
    return shown;
  }

  /** The message has arrived, or is not to be sent: nothing of them stays on this disk. */
  forget(keys: string[]): void {
    const going = this.#all.filter((one) => keys.includes(one.key));
    this.#all = this.#all.filter((one) => !keys.includes(one.key));
    for (const key of keys) {
      this.#running.get(key)?.abort();
      void this.#kept.delete(key);
      void this.#bytes.delete(key);
    }
    for (const { src } of going) if (src) setTimeout(() => URL.revokeObjectURL(src), SHOWN_FOR);
    this.#flag();
    this.#pump();
  }

  /** Puts into the trays what a closed tab left there. `held` are those that messages wait for. */
  restore(held: ReadonlySet<string>): Promise<void> {
    this.#restored ??= this.#restore(held);
    return this.#restored;
  }

  /** The line is back: what rests goes on at once. */
  nudge = (): void => {
    for (const go of this.#resting) go();
  };

  async #restore(held: ReadonlySet<string>): Promise<void> {
    const [kept, alive] = await Promise.all([this.#kept.all(), tabsAlive()]);
    kept.sort((a, b) => a.place - b.place);
    for (const one of kept) {
      if (one.user !== this.#me || held.has(one.key) || this.get(one.key) || alive.has(one.tab)) continue;
      const bytes = (await this.#bytes.get(one.key))?.bytes;
      // The message that it went with has arrived meanwhile, or the bytes are gone: nobody misses it.
      if (one.message || (!bytes && !one.info)) this.forget([one.key]);
      else this.#keep(this.#revive(one, bytes));
    }
    this.#flag();
    this.#pump();
  }

  #make(room: DeskId, file: File, hints: Hints): Upload {
    const { name, size } = file;
    const type = file.type.split(";")[0] || "application/octet-stream";
    const one = new Upload({ key: uuid7(), room, name, type, size, hints }, file);
    one.measured = this.#measure(one);
    return one;
  }

  async #measure(one: Upload): Promise<void> {
    if (!one.src || one.hints.voice) return;
    one.measures = await measure(one.type, one.src);
    this.#keep(one);
  }

  async #store(one: Upload): Promise<void> {
    this.#keep(one);
    if (one.bytes) await this.#bytes.put({ key: one.key, bytes: one.bytes });
    // Taken away meanwhile. Signed out is not taken away.
    if (this.#me !== 0 && !this.get(one.key)) await this.#bytes.delete(one.key);
  }

  async #find(key: string, room: DeskId, file: ShownFile): Promise<Upload> {
    const here = this.get(key);
    if (here) return here;
    const [kept, bytes] = await Promise.all([this.#kept.get(key), this.#bytes.get(key)]);
    if (kept && (bytes || kept.info)) return this.#revive(kept, bytes?.bytes);
    const { name, type, size } = file;
    const lost = new Upload({ key, room, name, type, size, hints: {} }, undefined);
    if (file.id > 0) {
      lost.info = file;
      lost.state = "done";
    } else {
      lost.state = "failed";
      lost.why = words.gone;
    }
    this.#all = [...this.#all, lost];
    return lost;
  }

  #revive(kept: Kept, bytes: Blob | undefined): Upload {
    const one = new Upload(kept, bytes);
    const { message, alt, spoiler, id, info, width, height, duration_ms, failed, paused, sent } = kept;
    one.message = message || null;
    one.alt = alt;
    one.spoiler = spoiler;
    one.id = id;
    one.info = info;
    one.measures = {
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
      ...(duration_ms !== undefined && { duration_ms }),
    };
    one.state = info ? "done" : failed !== undefined ? "failed" : paused ? "paused" : "waiting";
    one.why = failed ?? "";
    one.sent = sent;
    this.#all = [...this.#all, one];
    return one;
  }

  #with(key: string, change: (one: Upload) => void): void {
    const one = this.get(key);
    if (!one) return;
    change(one);
    this.#keep(one);
  }

  #keep(one: Upload): void {
    if (this.#me === 0 || this.get(one.key) !== one) return;
    const {
      key,
      room,
      message,
      name,
      type,
      size,
      hints,
      alt,
      spoiler,
      id,
      info,
      measures,
      state,
      why,
      sent,
    } = one;
    void this.#kept.put({
      ...measures,
      ...{ key, room, message, name, type, size, hints, alt, spoiler },
      user: this.#me,
      tab: this.#tab,
      place: this.#all.indexOf(one),
      paused: state === "paused",
      sent,
      ...(state === "failed" && { failed: why }),
      ...(id !== undefined && { id }),
      ...(info && { info }),
    });
  }

  /** Tells the composer after a reload that there is something to restore, without loading this. */
  #flag(): void {
    const key = `parlour:tray:${this.#me}`;
    try {
      if (this.#all.some((one) => one.message === null)) localStorage.setItem(key, "1");
      else localStorage.removeItem(key);
    } catch {
      // A full or forbidden store: the tray is found again when the next file is added.
    }
  }

  #pump(): void {
    for (const one of this.#all) {
      if (this.#over || this.#running.size >= AT_ONCE) return;
      if (one.state === "waiting" && !this.#running.has(one.key)) void this.#run(one);
    }
  }

  async #run(one: Upload): Promise<void> {
    const stop = new AbortController();
    const { signal } = stop;
    this.#running.set(one.key, stop);
    one.state = "sending";
    try {
      if (!one.bytes) throw new Gone();
      // Only we know how large a film is and how long it lasts.
      await one.measured;
      one.info = await send({
        bytes: one.bytes,
        name: one.name,
        hints: { ...one.measures, ...one.hints },
        id: one.id,
        begun: (id) => {
          one.id = id;
          this.#keep(one);
        },
        sent: (bytes) => {
          if (signal.aborted) return;
          one.sent = bytes;
          one.state = bytes >= one.size ? "checking" : "sending";
        },
        rest: (tries, least) => this.#rest(one, tries, least),
        signal,
      });
      one.state = "done";
    } catch (error) {
      if (!signal.aborted) this.#failed(one, error);
    } finally {
      if (this.#running.get(one.key) === stop) this.#running.delete(one.key);
    }
    if (signal.aborted) return this.#pump();
    this.#keep(one);
    if (one.message !== null) this.onturned(one);
    this.#pump();
  }

  #failed(one: Upload, error: unknown): void {
    if (error instanceof ApiError && error.status === 401) {
      this.#over = true;
      one.state = "waiting";
      return;
    }
    one.state = "failed";
    one.why =
      error instanceof Gone ? words.gone : (error instanceof ApiError && error.detail) || words.failed;
  }

  async #rest(one: Upload, tries: number, least: number): Promise<void> {
    if (one.state === "sending" || one.state === "checking") one.state = "waiting";
    const from = Math.min(one.sent, one.size - 1);
    // A file that was changed on the disk fails like a broken line does.
    await one.bytes
      ?.slice(from, from + 1)
      .arrayBuffer()
      .catch(() => {
        throw new Gone();
      });
    const wait = Math.max(least, Math.min(LONGEST_WAIT, 1000 * 2 ** tries) * (0.5 + Math.random() / 2));
    await new Promise<void>((resolve) => {
      const go = () => {
        clearTimeout(timer);
        this.#resting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, wait);
      this.#resting.add(go);
    });
  }

  /** The limits in force; until they are known, the usual ones. */
  #learn(): Promise<unknown> {
    this.#known ??= api.get<Limits>("limits").then(
      (limits) => {
        this.limits = limits;
      },
      () => {
        this.#known = undefined;
      },
    );
    // A server that does not answer holds up nobody: it tells later.
    return Promise.race([this.#known, new Promise((late) => setTimeout(late, ANSWER_WITHIN))]);
  }
}

export const uploads = new Uploads();
