import { expect, it, vi } from "vitest";
import { ApiError, api } from "../wire/api";
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

it("groups that could not be had after a change are asked for again", async () => {
  vi.useFakeTimers();
  const answers = [{ groups: [{ name: "crew" }] }, new ApiError("busy", ""), { groups: [] }];
  vi.spyOn(api, "get").mockImplementation((async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  }) as unknown as typeof api.get);
  feed.take({ t: "groups" });
  await vi.advanceTimersByTimeAsync(0);
  feed.take({ t: "groups" });
  await vi.advanceTimersByTimeAsync(0);
  expect(groups.list.map(({ name }) => name)).toEqual(["crew"]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(groups.list).toEqual([]);
  vi.useRealTimers();
});
