// What is pinned in a room, the newest pin first; it follows the line.
import { after } from "../../state/after";
import { isMessage } from "../../state/fold";
import { fresh } from "../../state/fresh";
import { reason } from "../../state/notices.svelte";
import { api } from "../../wire/api";
import type { Entry, MessageEntry, RoomId, ServerFrame } from "../../wire/types";

export class Pins {
  list = $state.raw<MessageEntry[]>([]);
  loaded = $state(false);
  wrong = $state("");
  #turn = 0;

  constructor(private readonly room: RoomId) {}

  async load(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const { pins } = await fresh(
        () => api.get<{ pins: Entry[] }>(`rooms/${this.room}/pins`),
        (frame) => frame.t === "event" && frame.room === this.room && "target" in frame,
      );
      if (turn !== this.#turn) return;
      this.list = pins.filter(isMessage);
      this.loaded = true;
      this.wrong = "";
    } catch (error) {
      if (turn === this.#turn) this.wrong = reason(error);
    }
  }

  take(frame: ServerFrame): void {
    if (frame.t === "welcome") void this.load();
    if (!("room" in frame) || frame.room !== this.room) return;
    if (frame.t === "reset") void this.load();
    if (frame.t !== "event" || !("target" in frame)) return;
    if (frame.kind === "pinned") return void this.load();
    const it = this.list.find(({ seq }) => seq === frame.target);
    if (!it) return;
    const now = after(it, frame) as MessageEntry;
    this.list = now.pinned
      ? this.list.map((one) => (one === it ? now : one))
      : this.list.filter((one) => one !== it);
  }

  async unpin({ seq }: MessageEntry): Promise<void> {
    this.list = this.list.filter((one) => one.seq !== seq);
    try {
      await api.delete(`rooms/${this.room}/messages/${seq}/pin`);
    } catch (error) {
      // Meanwhile the others may have changed, and this one too.
      void this.load();
      throw error;
    }
  }
}
