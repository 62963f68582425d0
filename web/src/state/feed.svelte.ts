// Where the server's frames enter the state: one `take(frame)`, each kind to its owner. It also says `hello` for what we
// hold, and puts right what a break of the line left open.

import { api } from "../wire/api";
import type { Event, Me, RoomsPage, Seq, Server, ServerFrame, Time } from "../wire/types";
import { drafts } from "./drafts.svelte";
import { own } from "./emoji.svelte";
import { following } from "./following.svelte";
import { live } from "./live.svelte";
import { Outbox } from "./outbox.svelte";
import { people } from "./people.svelte";
import { reads } from "./reads.svelte";
import { rooms } from "./rooms.svelte";
import { self } from "./self.svelte";
import { settings } from "./settings.svelte";

/** The contract's cap on cursors in one hello. */
const CURSORS = 1000;

class Feed {
  readonly outbox = new Outbox();
  onSignedOut: () => void = () => undefined;
  onServer: (change: Partial<Server>) => void = () => undefined;
  /** Something was said while the page is open: sounds and notifications hang here. */
  onEvent: (event: Event) => void = () => undefined;
  /** What is still to be said before the session ends. */
  beforeLeaving: () => Promise<unknown> = async () => undefined;
  #epoch: Time | undefined;
  #last: [number, Seq, Time] | undefined;
  #welcomed = false;
  #away = false;
  #follows: () => void = () => undefined;
  #listeners = new Set<(frame: ServerFrame) => void>();

  get me(): Me | null {
    return self.me;
  }

  /** `listed`: the first page of the rooms, where it was asked for already. */
  async start(me: Me, listed?: Promise<RoomsPage>): Promise<void> {
    this.setMe(me);
    await Promise.all([rooms.load(listed), this.outbox.start(me.id)]);
    drafts.start(me.id);
    this.#follows = rooms.follow();
    live.start({
      hello: () => this.#hello(),
      frame: (frame) => this.take(frame),
      line: (line) => {
        if (line === "signed-out") this.onSignedOut();
        else this.outbox.line(line);
      },
    });
  }

  async stop(): Promise<void> {
    live.stop();
    this.#follows();
    this.outbox.stop();
    following.threads?.stop();
    reads.clear();
    rooms.clear();
    self.me = null;
    this.#epoch = this.#last = undefined;
    this.#welcomed = false;
  }

  /** Nobody sits before this tab, or somebody does again. */
  away(away: boolean): void {
    if (this.#away === away) return;
    this.#away = away;
    live.send({ t: "away", away });
  }

  setMe(me: Me): void {
    self.me = me;
    people.learn([me]);
  }

  /** For a view that shows more than the rooms hold: every frame, before the state takes it. Answers how to stop. */
  hear(listener: (frame: ServerFrame) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  take(frame: ServerFrame): void {
    for (const listener of this.#listeners) listener(frame);
    switch (frame.t) {
      case "welcome":
        return this.#welcome(frame);
      case "event":
        return this.#event(frame);
      case "ack":
        return this.outbox.acked(frame.client_id, frame.room, frame.seq);
      case "refused":
        return frame.client_id === undefined ? undefined : this.outbox.refused(frame.client_id, frame);
      case "caught_up":
        return this.#caught(frame.room);
      case "reset":
        this.#caught(frame.room);
        // A room that is not ours any more was reset for that reason: the list tells.
        if (frame.reason === "unknown_room") return void rooms.load().catch(() => undefined);
        return rooms.get(frame.room)?.reset(frame.head);
      case "room":
        return void rooms.learn(frame);
      case "gone":
        return rooms.forget(frame.room);
      case "server":
        return this.onServer({ ...frame, t: undefined } as Partial<Server>);
      case "user":
        return this.#user(frame);
      case "emoji":
        return own.changed();
      case "typing":
        return rooms.get(frame.room)?.typingNow(frame.users);
      case "presence":
        return people.seen(frame.users);
      case "read":
        return rooms.get(frame.room)?.readElsewhere({ ...frame, read: frame.seq });
      case "draft":
        return drafts.fromElsewhere(frame.room, frame.text);
      case "level":
        return rooms.get(frame.room)?.change({ level: frame.level, muted_until: frame.muted_until });
    }
  }

  #hello() {
    const held = rooms.list.slice(0, CURSORS);
    for (const room of held) room.catching = true;
    return {
      cursors: held.map((room): [number, Seq] => [room.id, room.head]),
      ...(this.#epoch !== undefined && { epoch: this.#epoch }),
      ...(this.#last && { last: this.#last }),
    };
  }

  #caught(id: number): void {
    const room = rooms.get(id);
    if (room) room.catching = false;
  }

  #welcome(frame: Extract<ServerFrame, { t: "welcome" }>): void {
    const another = this.#epoch !== undefined && this.#epoch !== frame.epoch;
    this.#epoch = frame.epoch;
    if (another) this.#last = undefined;
    this.setMe(frame.me);
    settings.fromAccount(frame.me);
    people.tellAgain();
    if (this.#away) live.send({ t: "away", away: true });
    this.outbox.line("online");
    const told = new Map(frame.rooms.map(([id, head, read, version]) => [id, { head, read, version }]));
    let unsure = frame.rooms.some(([id]) => !rooms.get(id));
    for (const room of rooms.list) {
      const now = told.get(room.id);
      if (!now) unsure ||= !frame.more;
      else if (now.version !== room.counts.version || now.read > room.counts.read) room.askSoon(0);
      // Beyond the cursors that one hello can hold, the line goes on at the head that the welcome names.
      if (now && now.head > room.head && !room.catching) room.reset(now.head);
    }
    if (this.#welcomed) {
      own.changed();
      people.mayHaveChanged();
      api.get<Server>("server").then(this.onServer, () => undefined);
    }
    if (unsure) rooms.load().catch(() => undefined);
    this.#welcomed = true;
    reads.sendAgain();
  }

  #event(event: Event & { t: "event" }): void {
    const room = rooms.get(event.room);
    if (!room) return;
    const news = event.seq > room.head;
    if (!room.take(event)) return room.reset(event.seq);
    this.#last = [event.room, event.seq, event.at];
    if (event.kind === "message") this.outbox.arrived(event.author, event.client_id);
    if (news && !room.catching) this.onEvent(event);
  }

  #user(user: Extract<ServerFrame, { t: "user" }>): void {
    people.learn([user]);
    if (self.me?.id !== user.id) return;
    const { id, username, name, colour, avatar, picture, status } = user;
    self.me = { ...self.me, id, username, name, colour, avatar, picture, status };
  }
}

export const feed = new Feed();
