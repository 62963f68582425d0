import { beforeEach, expect, it } from "vitest";
import { people } from "../../state/people.svelte";
import { self } from "../../state/self.svelte";
import type { LineEntry } from "../../wire/types";
import { sentences } from "./lines";

const ANA = 1;
const BO = 2;
const CY = 3;
const user = (id: number, name: string) => ({
  id,
  name,
  username: name.toLowerCase(),
  colour: "blue" as const,
  avatar: "",
  status: "",
});
const joined = (seq: number, author: number, users: number[]) =>
  ({ seq, at: "2026-06-12T09:00:00.000Z", author, kind: "joined", users }) as LineEntry;
const told = (...entries: LineEntry[]) => sentences(entries).map(({ text }) => text);

beforeEach(() => {
  self.me = { ...user(ANA, "Ana"), role: "member", settings: {} } as never;
  people.learn([user(ANA, "Ana"), user(BO, "Bo"), user(CY, "Cy")]);
});

it.each([
  ["whoever came alone joined", [joined(5, BO, [BO])], ["Bo joined"]],
  ["so did I", [joined(5, ANA, [ANA])], ["You joined"]],
  ["one brings another in", [joined(5, ANA, [BO])], ["You added Bo"]],
  ["and is not named twice", [joined(5, ANA, [ANA, BO])], ["You added Bo"]],
  ["several comings are one sentence", [joined(5, BO, [BO]), joined(6, CY, [CY])], ["Bo and Cy joined"]],
  ["two ways of coming are two", [joined(5, BO, [BO]), joined(6, BO, [CY])], ["Bo joined", "Bo added Cy"]],
  ["the first line is how the room began", [joined(1, BO, [BO])], ["Bo made this room"]],
])("%s", (_, entries, expected) => {
  expect(told(...entries)).toEqual(expected);
});
