// Links to messages of this very server, and what they point to. Each is asked for once; where the answer is no, nothing is
// shown and the bare link stays. No other place is ever asked.
import { SvelteMap } from "svelte/reactivity";
import { parse } from "../../lib/router.svelte";
import { pieces } from "../../lib/text";
import { isMessage } from "../../state/fold";
import { self } from "../../state/self.svelte";
import { ApiError, api } from "../../wire/api";
import type { Entry, MessageEntry, RoomId, Seq } from "../../wire/types";

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

class Quotes {
  #known = new SvelteMap<string, MessageEntry | null>();
  #asked = new Map<string, Promise<void>>();

  /** Undefined while the answer is on its way, null where there is nothing for me. */
  get(link: OwnLink): MessageEntry | null | undefined {
    return this.#known.get(keyOf(link));
  }

  ask(link: OwnLink): Promise<void> {
    const key = keyOf(link);
    const known = this.#asked.get(key);
    if (known) return known;
    const asking = api.get<Entry>(`rooms/${link.room}/messages/${link.seq}`).then(
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
}
export const quotes = new Quotes();

/** A page waits no longer than this for the messages that it quotes. */
const PATIENCE = 400;

/** What must be known before rows are drawn at their final size. */
export async function prepare(entries: Entry[]): Promise<void> {
  const links = entries.flatMap((entry) => (isMessage(entry) ? ownLinks(entry.text) : []));
  if (links.length === 0) return;
  const late = new Promise((go) => setTimeout(go, PATIENCE));
  await Promise.race([late, Promise.all(links.map((link) => quotes.ask(link)))]);
}
