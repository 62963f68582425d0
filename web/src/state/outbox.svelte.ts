// Messages on their way. Each is on this browser's disk before it is shown, goes out under a `client_id` of its own, is sent
// again under the same one as often as needed, and is shown once: the server's copy takes its place.
//   outbox.send(room, text, files)  in a moment it stands in `of(room)`, in pencil
//   outbox.of(room)                 what waits or was refused there, oldest first; reactive
//   outbox.again(id), .drop(id)     after a refusal
// One at a time goes out in a room, so that their order is the order in which they were written. Only what waits for its files
// lets others pass.
import { Box } from "../lib/box";
import type { ShownFile } from "../lib/files";
import { holdTab, tabGone, tabsAlive } from "../lib/tabs";
import { uuid7 } from "../lib/uuid";
import { ApiError, api } from "../wire/api";
import type { Line } from "../wire/socket";
import type { Code, Event, FileRef, RoomId, Seq, UserId } from "../wire/types";
import { live } from "./live.svelte";
import { rooms } from "./rooms.svelte";
import type { Upload, Uploads } from "./uploads.svelte";

export type Pending = {
  client_id: string;
  user: UserId;
  /** The tab that sends it; another one takes over when that tab is gone. */
  tab: string;
  room: RoomId;
  text: string;
  /** What goes with it, in order; those on their way have a `key` and no id of the server's. */
  files?: ShownFile[];
  at: string;
  /** The room's newest event when it was written: a refused one keeps its place after it. */
  after: Seq;
  state: "waiting" | "failed";
  code?: Code;
  why?: string;
  /** Acknowledged: in ink; the event itself is still to come. */
  seq?: Seq;
};

/** Refusals that pass by themselves. */
const PASSING: ReadonlySet<string> = new Set([
  "rate_limited",
  "busy",
  "unavailable",
  "timeout",
  "offline",
  "internal",
]);
/** No answer for so long: ask again. The server knows the client_id if it had it. */
const ANSWER_WITHIN = 12_000;
/** The socket is away but HTTP may pass (a proxy that knows no sockets). */
const HTTP_AFTER = 6_000;
const PAUSE = 2_000;

export class Outbox {
  items = $state.raw<Pending[]>([]);
  /** A message of mine was acknowledged: the sound of sending. */
  onSent: () => void = () => undefined;
  #box = new Box<Pending>("parlour", "outbox", "client_id");
  #me: UserId = 0;
  #tab = uuid7();
  #hold: Promise<void> | undefined;
  #adopting: Promise<void> | undefined;
  #heirOf = new Set<string>();
  #flying = new Map<string, ReturnType<typeof setTimeout>>();
  #pause: ReturnType<typeof setTimeout> | undefined;
  #away: ReturnType<typeof setTimeout> | undefined;
  #http = false;
  #uploads: Promise<Uploads> | undefined;
  /** Whose files are looked after by `uploads` in this tab. */
  #brought = new Set<string>();

  constructor(
    private readonly load: () => Promise<Uploads> = async () => (await import("./uploads.svelte")).uploads,
  ) {}

  async start(me: UserId): Promise<void> {
    this.#me = me;
    // Held until the tab closes: asked for again, at the next log-in, it would wait for itself.
    this.#hold ??= holdTab(this.#tab);
    await this.#hold;
    await this.adopt();
  }

  stop(): void {
    for (const id of this.#flying.keys()) this.#landed(id);
    clearTimeout(this.#pause);
    clearTimeout(this.#away);
    this.#pause = this.#away = undefined;
    this.#http = false;
    this.items = [];
    this.#brought.clear();
    void this.#uploads?.then((uploads) => uploads.stop());
    this.#uploads = undefined;
  }

  /** Files on their way: of the trays, and of what waits here. They come when they are first needed. */
  uploads(): Promise<Uploads> {
    this.#uploads ??= this.#load();
    // A page that could not be fetched is asked for again.
    this.#uploads.catch(() => {
      this.#uploads = undefined;
    });
    return this.#uploads;
  }

  async #load(): Promise<Uploads> {
    const me = this.#me;
    const uploads = await this.load();
    uploads.onturned = (upload) => this.#turned(upload);
    uploads.onremoved = (upload) => void this.#removed(upload);
    uploads.start(me, this.#tab);
    const held = (await this.#box.all()).flatMap(keysOf);
    await uploads.restore(new Set([...held, ...this.items.flatMap(keysOf)]));
    return uploads;
  }

  of(room: RoomId): Pending[] {
    return this.items.filter((item) => item.room === room);
  }

  /** Takes over what a closed tab left. Called at the start, at each return of the line and of the eye. */
  adopt(): Promise<void> {
    // One at a time: two that look at once would each take the same.
    this.#adopting ??= this.#adopt().finally(() => {
      this.#adopting = undefined;
    });
    return this.#adopting;
  }

  async #adopt(): Promise<void> {
    const kept = await this.#box.all();
    const alive = await tabsAlive();
    for (const tab of alive) this.#inherit(tab);
    const held = new Set(this.items.map((item) => item.client_id));
    const orphans = kept.filter(
      (item) => item.user === this.#me && !held.has(item.client_id) && !alive.has(item.tab),
    );
    if (orphans.length === 0) return;
    // Addresses of what another page had in hand lead nowhere.
    const mine = orphans.map((item) => ({ ...withoutSrc(item), tab: this.#tab }));
    this.items = [...this.items, ...mine].sort((a, b) => (a.client_id < b.client_id ? -1 : 1));
    for (const item of mine) await this.#box.put(item);
    this.#pump();
  }

  /** When that tab closes, what it could not send is for one of the others to send. */
  #inherit(tab: string): void {
    if (tab === this.#tab || this.#heirOf.has(tab)) return;
    this.#heirOf.add(tab);
    tabGone(tab).then(
      () => this.adopt(),
      () => this.#heirOf.delete(tab),
    );
  }

  async send(room: RoomId, text: string, files: ShownFile[] = []): Promise<void> {
    const item: Pending = {
      client_id: uuid7(),
      user: this.#me,
      tab: this.#tab,
      room,
      text,
      ...(files.length > 0 && { files }),
      at: new Date().toISOString(),
      after: rooms.get(room)?.head ?? 0,
      state: "waiting",
    };
    await this.#box.put(withoutSrc(item));
    this.items = [...this.items, item].sort((a, b) => (a.client_id < b.client_id ? -1 : 1));
    this.#pump();
  }

  async again(id: string): Promise<void> {
    const item = this.#change(id, { state: "waiting", code: undefined, why: undefined });
    if (item?.files) {
      const uploads = await this.uploads();
      for (const key of keysOf(item)) {
        uploads.resume(key);
        const upload = uploads.get(key);
        // What cannot be read any more does not come back by asking.
        if (upload?.state === "failed") this.#turned(upload);
      }
    }
    this.#pump();
  }

  async drop(id: string): Promise<void> {
    const item = this.#take(id);
    await this.#box.delete(id);
    if (item?.files) {
      const uploads = await this.uploads();
      for (const key of keysOf(item)) uploads.remove(key);
    }
    this.#pump();
  }

  /** It is to be changed: its files go back into the tray, its text to whoever asks. */
  async withdraw(id: string): Promise<string> {
    const item = this.#take(id);
    if (item?.files) (await this.uploads()).untake(keysOf(item));
    await this.#box.delete(id);
    this.#pump();
    return item?.text ?? "";
  }

  acked(id: string, room: RoomId, seq: Seq): void {
    this.#landed(id);
    const item = this.items.find((one) => one.client_id === id);
    if (!item) return;
    this.#arrived(item);
    this.onSent();
    // The event may have come before the ack, or the message may be an old one that was sent twice.
    if ((rooms.get(room)?.head ?? seq) >= seq) this.items = this.items.filter((one) => one.client_id !== id);
    else this.items = this.items.map((one) => (one.client_id === id ? { ...one, seq } : one));
    this.#pump();
  }

  refused(
    id: string,
    refusal: { code: Code; detail: string; field?: string; retry_after_ms?: number },
  ): void {
    this.#landed(id);
    const { code, detail, field, retry_after_ms } = refusal;
    if (PASSING.has(code)) return this.#rest(retry_after_ms ?? PAUSE);
    // The session is over: it waits for the next one.
    if (code === "unauthenticated") return;
    const item = this.#change(id, { state: "failed", code, why: detail });
    // It waited for longer than the server keeps a file that stands in no message: sent again, all goes again.
    if (field === "files" && item?.files) void this.#anew(item);
    this.#pump();
  }

  /** The server's copy of something of mine came, live or in a page. */
  arrived(author: UserId, id: string): void {
    if (author !== this.#me) return;
    const item = this.items.find((one) => one.client_id === id);
    if (!item) return;
    this.#landed(id);
    this.items = this.items.filter((one) => one.client_id !== id);
    this.#arrived(item);
    if (item.seq === undefined) this.onSent();
    this.#pump();
  }

  line(line: Line): void {
    clearTimeout(this.#away);
    this.#away = undefined;
    if (line === "online") {
      this.#http = false;
      // What was under way when the line broke goes out again under its old name.
      for (const id of [...this.#flying.keys()]) this.#landed(id);
      void this.adopt();
      void this.#uploads?.then((uploads) => uploads.nudge());
      this.#pump();
    } else if (line === "signed-out") {
      this.#http = false;
    } else if (!this.#http) {
      this.#away = setTimeout(() => {
        this.#http = true;
        this.#pump();
      }, HTTP_AFTER);
    }
  }

  /** Sends the first that is ready in each room. */
  #pump(): void {
    for (const item of this.items) {
      if (item.files && !this.#brought.has(item.client_id)) void this.#bring(item);
    }
    if (this.#pause !== undefined) return;
    const started = new Set<RoomId>();
    for (const item of this.items) {
      if (!isReady(item)) continue;
      if (item.state !== "waiting" || item.seq !== undefined || started.has(item.room)) continue;
      started.add(item.room);
      if (!this.#flying.has(item.client_id)) this.#fly(item);
    }
  }

  #fly(item: Pending): void {
    const { client_id, room } = item;
    if (live.send({ t: "send", room, client_id, ...saidIn(item) })) {
      const late = () => {
        this.#landed(client_id);
        live.check();
        this.#pump();
      };
      this.#flying.set(client_id, setTimeout(late, ANSWER_WITHIN));
    } else if (this.#http) {
      this.#flying.set(
        client_id,
        setTimeout(() => this.#landed(client_id), ANSWER_WITHIN),
      );
      void this.#post(item);
    }
  }

  async #post(item: Pending): Promise<void> {
    const { client_id, room } = item;
    try {
      const event = await api.post<Event>(`rooms/${room}/messages`, { client_id, ...saidIn(item) });
      this.acked(client_id, room, event.seq);
    } catch (error) {
      const known = error instanceof ApiError ? error : new ApiError("offline", "");
      const { code, detail, field, retryAfterMs } = known;
      if (code === "offline") {
        this.#landed(client_id);
        return this.#rest(HTTP_AFTER);
      }
      this.refused(client_id, {
        code,
        detail,
        ...(field && { field }),
        ...(retryAfterMs && { retry_after_ms: retryAfterMs }),
      });
    }
  }

  #rest(ms: number): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#pump();
    }, ms);
  }

  #landed(id: string): void {
    clearTimeout(this.#flying.get(id));
    this.#flying.delete(id);
  }

  #take(id: string): Pending | undefined {
    this.#landed(id);
    const item = this.items.find((one) => one.client_id === id);
    this.items = this.items.filter((one) => one !== item);
    return item;
  }

  /** It is on the server: nothing of it stays here. */
  #arrived(item: Pending): void {
    void this.#box.delete(item.client_id);
    if (item.files) void this.uploads().then((uploads) => uploads.forget(keysOf(item)));
  }

  #change(id: string, change: Partial<Pending>): Pending | undefined {
    let changed: Pending | undefined;
    this.items = this.items.map((item) => {
      if (item.client_id !== id) return item;
      changed = { ...item, ...change };
      void this.#box.put(withoutSrc(changed));
      return changed;
    });
    return changed;
  }

  /** Its files are looked after in this tab from now on. */
  async #bring({ client_id }: Pending): Promise<void> {
    this.#brought.add(client_id);
    try {
      const uploads = await this.uploads();
      const item = this.items.find((one) => one.client_id === client_id);
      if (!item?.files) return;
      const shown = await uploads.belong(client_id, item.room, item.files);
      this.#change(client_id, { files: shown });
      for (const key of keysOf(item)) {
        const upload = uploads.get(key);
        if (upload?.state === "done" || upload?.state === "failed") this.#turned(upload);
      }
      this.#pump();
    } catch {
      // The part of the page that sends files could not be fetched: with the next turn of the line.
      this.#brought.delete(client_id);
    }
  }

  async #anew(item: Pending): Promise<void> {
    const uploads = await this.uploads();
    for (const key of keysOf(item)) uploads.anew(key);
    this.#change(item.client_id, { files: keysOf(item).flatMap((key) => uploads.get(key)?.shown() ?? []) });
  }

  #with(upload: Upload): Pending | undefined {
    return this.items.find((item) => keysOf(item).includes(upload.key));
  }

  #turned(upload: Upload): void {
    const item = this.#with(upload);
    if (!item?.files || item.seq !== undefined) return;
    const files = item.files.map((file) => (file.key === upload.key ? upload.shown() : file));
    const failed = upload.state === "failed" && {
      state: "failed" as const,
      code: undefined,
      why: upload.why,
    };
    this.#change(item.client_id, { files, ...failed });
    this.#pump();
  }

  async #removed(upload: Upload): Promise<void> {
    const item = this.#with(upload);
    if (!item?.files) return;
    const files = item.files.filter((file) => file.key !== upload.key);
    if (files.length === 0 && item.text === "") return this.drop(item.client_id);
    // Others may have failed as well.
    const uploads = await this.uploads();
    const wrong = files.map(({ key = "" }) => uploads.get(key)).find((one) => one?.state === "failed");
    const state = wrong ? { why: wrong.why } : { state: "waiting" as const, why: undefined };
    this.#change(item.client_id, { files, ...state });
    this.#pump();
  }
}

const keysOf = ({ files }: Pick<Pending, "files">): string[] => files?.flatMap(({ key }) => key ?? []) ?? [];
/** All of its files are on the server. */
export const isReady = ({ files }: Pending): boolean => files?.every(({ id }) => id > 0) ?? true;

/** What the server is told of it. */
function saidIn({ text, files }: Pending): { text: string; files?: FileRef[] } {
  if (!files?.length) return { text };
  const refs = files.map(({ id, alt, spoiler }) =>
    alt || spoiler ? { id, ...(alt && { alt }), ...(spoiler && { spoiler }) } : id,
  );
  return { text, files: refs };
}

/** As it is kept: the address of what this page has in hand is of no use to another. */
function withoutSrc(item: Pending): Pending {
  return item.files ? { ...item, files: item.files.map(({ src: _, ...file }) => file) } : item;
}
