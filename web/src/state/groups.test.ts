import { expect, it, vi } from "vitest";
import { api } from "../wire/api";
import { own } from "./emoji.svelte";
import { feed } from "./feed.svelte";
import { groups } from "./groups.svelte";

it.each([
  ["groups", groups],
  ["emoji", own],
] as const)(
  "the %s that were asked for before a change do not take the place of the newer ones",
  async (t, all) => {
    const asked: ((names: string[]) => void)[] = [];
    vi.spyOn(api, "get").mockImplementation((() => {
      return new Promise<unknown>((answer) =>
        asked.push((names) => answer({ [t]: names.map((name) => ({ name })) })),
      );
    }) as unknown as typeof api.get);
    const first = all.load();
    feed.take({ t });
    asked[1]!(["old", "new"]);
    await all.load();
    asked[0]!(["old"]);
    await first;
    expect(all.list.map(({ name }) => name)).toEqual(["old", "new"]);
  },
);
