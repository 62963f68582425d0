import { beforeEach, expect, it, vi } from "vitest";
import type { Room } from "../../state/room.svelte";
import { Completion, type Suggestion } from "./completion.svelte";
import type { Change } from "./compose/format";

/** Answers that are let go one by one, by what was asked for. */
const waiting = vi.hoisted(() => new Map<string, (found: Suggestion[]) => void>());
vi.mock("./suggest", () => ({
  suggest: { "@": (query: string) => new Promise((answer) => waiting.set(query, answer)) },
}));
vi.mock("./compose/put", () => ({
  apply: (field: HTMLTextAreaElement, { from, to, put }: Change) => field.setRangeText(put, from, to, "end"),
}));
const person = (name: string): Suggestion => ({ key: name, word: `@${name}`, name });

const field = document.createElement("textarea");
let completion: Completion;
async function type(value: string) {
  field.value = value;
  field.setSelectionRange(value.length, value.length);
  void completion.look();
  await vi.waitFor(() => expect(waiting.has(value.replace(/.*@/, ""))).toBe(true));
}
beforeEach(async () => {
  waiting.clear();
  completion = new Completion({} as Room, () => field);
  await type("help, @");
  waiting.get("")?.([person("bo"), person("design")]);
  await vi.waitFor(() => expect(completion.open).toBe(true));
});

it("takes what is offered", async () => {
  completion.key("ArrowDown");
  await completion.choose();
  expect(field.value).toBe("help, @design ");
});

it("takes what fits what was typed, though it comes after the key", async () => {
  await type("help, @d");
  await type("help, @de");
  const chosen = Promise.all([completion.choose(), completion.choose()]);
  waiting.get("d")?.([person("dora"), person("design")]);
  waiting.get("de")?.([person("design")]);
  await chosen;
  expect(field.value).toBe("help, @design ");
});

it("lets the key mean what it meant where nothing fits", async () => {
  await type("help, @zz");
  const nothing = vi.fn();
  const chosen = completion.choose(nothing);
  waiting.get("zz")?.([]);
  await chosen;
  expect(nothing).toHaveBeenCalledOnce();
  expect(field.value).toBe("help, @zz");
});
