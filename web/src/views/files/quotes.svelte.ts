// Messages that others point to, by a link or by a quote. What stands in a window of its room is at hand; the rest is asked
// for once, and follows the line. Where the answer is no, there is nothing for me. No other place is ever asked.
import { SvelteMap } from "svelte/reactivity";
import { parse } from "../../lib/router.svelte";
import { pieces } from "../../lib/text";
import { after } from "../../state/after";
import { feed } from "../../state/feed.svelte";
import { isMessage, rowAt } from "../../state/fold";
import { fresh } from "../../state/fresh";
import { rooms } from "../../state/rooms.svelte";
import { self } from "../../state/self.svelte";
import { ApiError, api } from "../../wire/api";
import type { Entry, MessageEntry, RoomId, Seq, ServerFrame } from "../../wire/types";

export type OwnLink = { room: RoomId; seq: Seq };

/** More of them in one message stay links. */
const MOST = 3;

export function ownLinks(text: string): OwnLink[] {
  if (!text.includes(location.origin)) return [];
  const found = new Map<string, OwnLink>();
  for (const piece of pieces(text)) {
    if (piece.kind !== "link") continue;
    const url = new URL(piece.href);
    const route = url.origin === location.origin ? parse(url.pathname, "") : undefined;
    if (route?.name !== "room" || route.seq === undefined) continue;
    found.set(`${route.room}/${route.seq}`, { room: route.room, seq: route.seq });
  }
  return [...found.values()].slice(0, MOST);
}

/** What a person is refused stays so for this page; another one who signs in here asks anew. */
const keyOf = ({ room, seq }: OwnLink) => `${self.id} ${room}/${seq}`;

/** The room of which all that is known may be old, or for me no more, or for me at last. */
function turned(frame: ServerFrame): RoomId | undefined {
  if (frame.t === "room") return frame.id;
  return frame.t === "reset" || frame.t === "gone" ? frame.room : undefined;
}

class Quotes {
  #known = new SvelteMap<string, MessageEntry | null>();
  #asked = new Map<string, Promise<void>>();

  constructor() {
    feed.hear((frame) => this.take(frame));
  }

  /** Undefined while the answer is on its way, null where there is nothing for me. */
  get(link: OwnLink): MessageEntry | null | undefined {
    const entry = this.#shown(link);
    if (entry) return isMessage(entry) ? entry : null;
    return this.#known.get(keyOf(link));
  }

  ask(link: OwnLink): Promise<void> {
    if (this.#shown(link)) return Promise.resolve();
    const key = keyOf(link);
    const known = this.#asked.get(key);
    if (known) return known;
    const { room, seq } = link;
    const about = (frame: ServerFrame) =>
      turned(frame) === room ||
      (frame.t === "event" && frame.room === room && "target" in frame && frame.target === seq);
    const asking = fresh(() => api.get<Entry>(`rooms/${room}/messages/${seq}`), about).then(
      (entry) => {
        this.#known.set(key, isMessage(entry) ? entry : null);
      },
      (error) => {
        // No answer is no refusal: the next one that points there asks again.
        if (error instanceof ApiError && (error.status === 403 || error.status === 404))
          this.#known.set(key, null);
        else this.#asked.delete(key);
      },
    );
    this.#asked.set(key, asking);
    return asking;
  }

  take(frame: ServerFrame): void {
    if (frame.t === "event" && "target" in frame) {
      const key = keyOf({ room: frame.room, seq: frame.target });
      const known = this.#known.get(key);
      if (known) this.#known.set(key, after(known, frame) as MessageEntry);
    }
    const room = turned(frame);
    if (room === undefined) return;
    for (const key of [...this.#asked.keys()]) {
      if (!key.startsWith(keyOf({ room, seq: 0 }).slice(0, -1))) continue;
      this.#asked.delete(key);
      this.#known.delete(key);
    }
  }

  #shown({ room, seq }: OwnLink): Entry | undefined {
    const rows = rooms.get(room)?.timeline.rows;
    return rows && rowAt(rows, seq)?.entry;
  }
}
export const quotes = new Quotes();

/** A page waits no longer than this for the messages that it quotes. */
const PATIENCE = 400;

/** What must be known before rows are drawn at their final size. */
export async function prepare(room: RoomId, entries: Entry[]): Promise<void> {
  const here = new Set(entries.map(({ seq }) => seq));
  const links = entries
    .filter(isMessage)
    .flatMap((entry) => [...pointedTo(entry, room), ...ownLinks(entry.text)]);
  const far = links.filter((link) => link.room !== room || !here.has(link.seq));
  if (far.length === 0) return;
  const late = new Promise((go) => setTimeout(go, PATIENCE));
  await Promise.race([late, Promise.all(far.map((link) => quotes.ask(link)))]);
}

function pointedTo({ quote, forwarded }: MessageEntry, room: RoomId): OwnLink[] {
  return [...(quote === undefined ? [] : [{ room, seq: quote }]), ...(forwarded ? [forwarded] : [])];
}
