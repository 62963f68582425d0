// What is spoken and not sent yet stays with its room or thread, as a draft does, for as long as the page lives.
import { SvelteMap } from "svelte/reactivity";
import type { DeskId } from "../../../state/desk";
import { uploads } from "../../../state/uploads.svelte";
import { Recorder } from "./recorder.svelte";

class Voices {
  #by = new SvelteMap<DeskId, Recorder>();

  at(desk: DeskId): Recorder | undefined {
    return this.#by.get(desk);
  }

  /** It asks for the microphone where it is shown. */
  begin(desk: DeskId): void {
    this.#by.set(desk, new Recorder(uploads.limits.upload));
  }

  /** One goes elsewhere, where nobody would see that it listens: it ends, and what was spoken is kept. */
  leave(desk: DeskId): void {
    const it = this.at(desk);
    if (it?.stage === "recording") void it.stop();
    else if (it?.stage !== "done") this.discard(desk);
  }

  discard(desk: DeskId): void {
    this.at(desk)?.end();
    this.#by.delete(desk);
  }
}

export const voices = new Voices();
