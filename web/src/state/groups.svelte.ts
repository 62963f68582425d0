// The community's groups: people who are called by one name. Fetched when a text first names something that may be one, or
// somebody asks; the line tells when they changed.
//   groups.list         all of them · groups.load() for those who need them now (throws)
//   groups.get(name)    one by its name, as it stands after the @
import { api } from "../wire/api";
import type { Group } from "../wire/types";
import { feed } from "./feed.svelte";
import { Listed } from "./listed.svelte";

class Groups extends Listed<Group> {
  #byName = $derived(new Map(this.list.map((group) => [group.name, group])));

  constructor() {
    super(async () => (await api.get<{ groups: Group[] }>("groups")).groups);
    // After a break they may be others.
    feed.hear((frame) => {
      if (frame.t === "groups" || frame.t === "welcome") this.changed();
    });
  }

  get(name: string): Group | undefined {
    return this.#byName.get(name);
  }
}

export const groups = new Groups();
