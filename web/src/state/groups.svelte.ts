// The community's groups: people who are called by one name. Fetched when a text first names something that may be one, or
// somebody asks; the line tells when they changed.
//   groups.list         all of them · groups.load() for those who need them now (throws)
//   groups.get(name)    one by its name, as it stands after the @
import { api } from "../wire/api";
import type { Group } from "../wire/types";
import { feed } from "./feed.svelte";

class Groups {
  list = $state.raw<Group[]>([]);
  #byName = $derived(new Map(this.list.map((group) => [group.name, group])));
  #asked: Promise<void> | undefined;

  constructor() {
    // After a break they may be others.
    feed.hear((frame) => {
      if (frame.t === "groups" || frame.t === "welcome") this.changed();
    });
  }

  get(name: string): Group | undefined {
    return this.#byName.get(name);
  }

  load(): Promise<void> {
    if (this.#asked) return this.#asked;
    const asked: Promise<void> = api.get<{ groups: Group[] }>("groups").then(
      ({ groups }) => {
        // It changed meanwhile, and was asked for again: this is old.
        if (asked !== this.#asked) return this.#asked;
        this.list = groups;
      },
      (error) => {
        if (asked === this.#asked) this.#asked = undefined;
        throw error;
      },
    );
    this.#asked = asked;
    return asked;
  }

  changed(): void {
    if (!this.#asked) return;
    this.#asked = undefined;
    this.load().catch(() => undefined);
  }
}

export const groups = new Groups();
