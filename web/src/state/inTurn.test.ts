import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { InTurn } from "./inTurn";

let shown: string;
let turns: InTurn<number, string>;
/** What was told and waits for its answer. */
let told: { to: string; answer: (ok: boolean) => void }[] = [];
const names = () => told.map(({ to }) => to);

beforeEach(() => {
  vi.useFakeTimers();
  shown = "all";
  told = [];
  turns = new InTurn((_, value) => {
    shown = value;
  });
});

afterEach(() => {
  vi.useRealTimers();
});

const change = (to: string) =>
  turns
    .change(7, shown, to, () => {
      return new Promise((done, refuse) => told.push({ to, answer: (ok) => (ok ? done() : refuse()) }));
    })
    .then(
      () => "done",
      () => "refused",
    );
async function answer(ok: boolean): Promise<void> {
  told.at(-1)!.answer(ok);
  await vi.advanceTimersByTimeAsync(0);
}

it("shows each at once, and tells one after the other", async () => {
  const changes = [change("mentions"), change("nothing")];
  await Promise.resolve();
  expect([shown, ...names()]).toEqual(["nothing", "mentions"]);
  await answer(true);
  expect([shown, ...names()]).toEqual(["nothing", "mentions", "nothing"]);
  await answer(true);
  expect([shown, ...(await Promise.all(changes))]).toEqual(["nothing", "done", "done"]);
});

it("keeps the last one where an older one is refused", async () => {
  const changes = [change("mentions"), change("nothing")];
  await Promise.resolve();
  await answer(false);
  expect(shown).toBe("nothing");
  await answer(true);
  expect([shown, ...(await Promise.all(changes))]).toEqual(["nothing", "refused", "done"]);
});

it.each([
  ["the one before it, where that was taken", true, "mentions"],
  ["what was there, where both are refused", false, "all"],
])("goes back from a refused one to %s", async (_, first, now) => {
  void change("mentions");
  void change("nothing");
  await Promise.resolve();
  await answer(first);
  await answer(false);
  expect(shown).toBe(now);
});

it("goes back to what came from another device meanwhile", async () => {
  void change("mentions");
  await Promise.resolve();
  turns.confirmed(7, "nothing");
  await answer(false);
  expect(shown).toBe("nothing");
});
