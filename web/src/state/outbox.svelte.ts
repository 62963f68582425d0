// Messages on their way. Each is on this browser's disk before it is shown, goes out under a `client_id` of its own, is sent
// again under the same one as often as needed, and is shown once: the server's copy takes its place.
//   outbox.send(room, text, files, as)  in a moment it stands in `of(room)`, in pencil; `as`: a reply, an answer
//   outbox.of(room, thread?)        what waits or was refused there, oldest first; reactive
//   outbox.again(id), .drop(id)     after a refusal
// One at a time goes out in a room, so that their order is the order in which they were written. Only what waits for its files
// lets others pass.
import { Box } from "../lib/box";
import { holdTab, tabGone, tabsAlive } from "../lib/tabs";
import { uuid7 } from "../lib/uuid";
import { ApiError, api, passes } from "../wire/api";
import type { ShownFile } from "../wire/files";
import type { Line } from "../wire/socket";
import type { Code, Event, FileRef, RoomId, Seq, UserId } from "../wire/types";
import type { Freight } from "./freight";
import { live } from "./live.svelte";
import { rooms } from "./rooms.svelte";
import type { Uploads } from "./uploads.svelte";

export type Pending = {
  client_id: string;
  user: UserId;
  /** The tab that sends it; another one takes over when that tab is gone. */
  tab: string;
  room: RoomId;
  text: string;
  /** What goes with it, in order; those on their way have a `key` and no id of the server's. */
  files?: ShownFile[];
  /** A reply in this thread, and whether it is shown in the room as well. */
  thread?: Seq;
  also?: boolean;
  /** The message that it answers. */
  quote?: Seq;
  at: string;
  /** The room's newest event when it was written: a refused one keeps its place after it. */
  after: Seq;
  state: "waiting" | "failed";
  code?: Code;
  why?: string;
  /** Acknowledged: in ink; the event itself is still to come. */
  seq?: Seq;
};

/** What a message is beside its words. */
export type As = Pick<Pending, "thread" | "also" | "quote">;

/** No answer for so long: ask again. The server knows the client_id if it had it. */
const ANSWER_WITHIN = 12_000;
/** The socket is away but HTTP may pass (a proxy that knows no sockets). */
const HTTP_AFTER = 6_000;
const PAUSE = 2_000;

export class Outbox {
  items = $state.raw<Pending[]>([]);
  /** A message of mine was acknowledged: the sound of sending. */
  onSent: () => void = () => undefined;
  readonly box = new Box<Pending>("parlour", "outbox", "client_id");
  me: UserId = 0;
  readonly tab = uuid7();
  #hold: Promise<void> | undefined;
  #adopting: Promise<void> | undefined;
  #heirOf = new Set<string>();
  #flying = new Map<string, ReturnType<typeof setTimeout>>();
  #pause: ReturnType<typeof setTimeout> | undefined;
  #away: ReturnType<typeof setTimeout> | undefined;
  #http = false;
  #freight: Promise<Freight> | undefined;
  /** Whose files are looked after in this tab. */
  #brought = new Set<string>();

  constructor(
    private readonly load: (outbox: Outbox) => Promise<Freight> = async (it) =>
      (await import("./freight")).load(it),
  ) {}

  async start(me: UserId): Promise<void> {
    this.me = me;
    // Held until the tab closes: asked for again, at the next log-in, it would wait for itself.
    this.#hold ??= holdTab(this.tab);
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
    void this.#freight?.then(({ uploads }) => uploads.stop());
    this.#freight = undefined;
  }

  /** Files on their way: of the trays, and of what waits here. They come when they are first needed. */
  async uploads(): Promise<Uploads> {
    return (await this.#files()).uploads;
  }
  #files(): Promise<Freight> {
    this.#freight ??= this.load(this).catch((error: unknown) => {
      // It could not be fetched: the next one asks again.
      this.#freight = undefined;
      throw error;
    });
    return this.#freight;
  }

  of(room: RoomId, thread?: Seq): Pending[] {
    const here = this.items.filter((item) => item.room === room);
    if (thread !== undefined) return here.filter((item) => item.thread === thread);
    return here.filter((item) => item.thread === undefined || item.also);
  }

  find(id: string): Pending | undefined {
    return this.items.find((item) => item.client_id === id);
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
    const kept = await this.box.all();
    const alive = await tabsAlive();
    for (const tab of alive) this.#inherit(tab);
    const held = new Set(this.items.map((item) => item.client_id));
    const orphans = kept.filter(
      (item) => item.user === this.me && !held.has(item.client_id) && !alive.has(item.tab),
    );
    if (orphans.length === 0) return;
    const mine = orphans.map((item) => ({ ...withoutSrc(item), tab: this.tab }));
    this.items = [...this.items, ...mine].sort((a, b) => (a.client_id < b.client_id ? -1 : 1));
    for (const item of mine) await this.box.put(item);
    this.turn();
  }

  /** When that tab closes, what it could not send is for one of the others to send. */
  #inherit(tab: string): void {
    if (tab === this.tab || this.#heirOf.has(tab)) return;
    this.#heirOf.add(tab);
    tabGone(tab).then(
      () => this.adopt(),
      () => this.#heirOf.delete(tab),
    );
  }

  async send(room: RoomId, text: string, files: ShownFile[] = [], as: As = {}): Promise<void> {
    const item: Pending = {
      client_id: uuid7(),
      user: this.me,
      tab: this.tab,
      room,
      text,
      ...(files.length > 0 && { files }),
      ...as,
      at: new Date().toISOString(),
      after: rooms.get(room)?.head ?? 0,
      state: "waiting",
    };
    await this.box.put(item);
    this.items = [...this.items, item].sort((a, b) => (a.client_id < b.client_id ? -1 : 1));
    this.turn();
  }

  async again(id: string): Promise<void> {
    const item = this.change(id, { state: "waiting", code: undefined, why: undefined });
    if (item?.files) (await this.#files()).again(item);
    this.turn();
  }

  /** It is not to be sent, and its files with it; or they are `kept` in the tray, because it is to be changed. */
  async drop(id: string, kept = false): Promise<void> {
    this.#landed(id);
    const item = this.find(id);
    this.items = this.items.filter((one) => one !== item);
    await this.box.delete(id);
    if (item?.files) (await this.#files()).release(item, kept);
    this.turn();
  }

  acked(id: string, room: RoomId, seq: Seq): void {
    this.#landed(id);
    const item = this.find(id);
    if (!item) return;
    this.#arrived(item);
    this.onSent();
    // The event may have come before the ack, or the message may be an old one that was sent twice.
    if ((rooms.get(room)?.head ?? seq) >= seq) this.items = this.items.filter((one) => one.client_id !== id);
    else this.items = this.items.map((one) => (one.client_id === id ? { ...one, seq } : one));
    this.turn();
  }

  refused(
    id: string,
    refusal: { code: Code; detail: string; field?: string; retry_after_ms?: number },
  ): void {
    this.#landed(id);
    const { code, detail, field, retry_after_ms } = refusal;
    if (passes(code)) return this.#rest(retry_after_ms ?? PAUSE);
    // The session is over: it waits for the next one.
    if (code === "unauthenticated") return;
    const item = this.change(id, { state: "failed", code, why: detail });
    if (field === "files" && item?.files) void this.#files().then((freight) => freight.anew(item));
    this.turn();
  }

  /** The server's copy of something of mine came, live or in a page. */
  arrived(author: UserId, id: string): void {
    if (author !== this.me) return;
    const item = this.find(id);
    if (!item) return;
    this.#landed(id);
    this.items = this.items.filter((one) => one.client_id !== id);
    this.#arrived(item);
    if (item.seq === undefined) this.onSent();
    this.turn();
  }

  line(line: Line): void {
    clearTimeout(this.#away);
    this.#away = undefined;
    if (line === "online") {
      this.#http = false;
      // What was under way when the line broke goes out again under its old name.
      for (const id of [...this.#flying.keys()]) this.#landed(id);
      void this.adopt();
      void this.#freight?.then(({ uploads }) => uploads.nudge());
      this.turn();
    } else if (line === "signed-out") {
      this.#http = false;
    } else if (!this.#http) {
      this.#away = setTimeout(() => {
        this.#http = true;
        this.turn();
      }, HTTP_AFTER);
    }
  }

  /** Sends the first that is ready in each room. */
  turn(): void {
    for (const item of this.items) {
      if (item.files && !this.#brought.has(item.client_id)) void this.#bring(item.client_id);
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
        this.turn();
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
      this.turn();
    }, ms);
  }

  #landed(id: string): void {
    clearTimeout(this.#flying.get(id));
    this.#flying.delete(id);
  }

  /** It is on the server: nothing of it stays here. */
  #arrived(item: Pending): void {
    void this.box.delete(item.client_id);
    if (item.files) void this.#files().then((freight) => freight.arrived(item));
  }

  change(id: string, change: Partial<Pending>): Pending | undefined {
    let changed: Pending | undefined;
    this.items = this.items.map((item) => {
      if (item.client_id !== id) return item;
      changed = { ...item, ...change };
      void this.box.put(changed);
      return changed;
    });
    return changed;
  }

  async #bring(id: string): Promise<void> {
    this.#brought.add(id);
    // Where it could not be fetched: with the next turn.
    await this.#files()
      .then((freight) => freight.bring(id))
      .catch(() => this.#brought.delete(id));
  }
}

/** All of its files are on the server. */
export const isReady = ({ files }: Pending): boolean => files?.every(({ id }) => id > 0) ?? true;

/** What the server is told of it. */
function saidIn({ text, files, thread, also, quote }: Pending): As & { text: string; files?: FileRef[] } {
  const said = {
    text,
    ...(thread !== undefined && { thread }),
    ...(also && { also }),
    ...(quote !== undefined && { quote }),
  };
  if (!files?.length) return said;
  return { ...said, files: files.map(({ id, alt, spoiler }) => ({ id, alt, spoiler })) };
}

/** The address of what another page had in hand leads nowhere. */
function withoutSrc(item: Pending): Pending {
  return item.files ? { ...item, files: item.files.map(({ src: _, ...file }) => file) } : item;
}
