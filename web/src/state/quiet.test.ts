import { beforeEach, expect, it, vi } from "vitest";
import { api } from "../wire/api";
import type { Me, Quiet } from "../wire/types";
import { quiet } from "./quiet.svelte";
import { self } from "./self.svelte";

let answers: boolean[];
beforeEach(() => {
  vi.useFakeTimers();
  self.me = { id: 1, quiet: { zone: "", days: [], keywords: [] } as Quiet } as Me;
  vi.spyOn(api, "put").mockImplementation(async (_, wish) => {
    if (answers.shift()) return wish as never;
    throw new Error("busy");
  });
  return () => vi.runAllTimersAsync().then(() => vi.useRealTimers());
});

it.each([
  ["an older one is refused", [false, true], ["ladder", "press"]],
  ["the last one is refused", [true, false], ["ladder"]],
  ["both are refused", [false, false], []],
])("of two changes, where %s, that stands which the server has", async (_, given, words) => {
  answers = given;
  const first = quiet.save({ keywords: ["ladder"] });
  await Promise.resolve();
  const second = quiet.save({ keywords: [...quiet.wish.keywords, "press"] });
  await Promise.allSettled([first, second]);
  expect(quiet.wish.keywords).toEqual(words);
});
