import { expect, it } from "vitest";
import { withDuration } from "./webm";

const hex = (text: string) =>
  Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
const HEAD = "1a45dfa3 84 42868101"; // a header of four bytes
const OPEN = "18538067 01ffffffffffffff"; // a segment of an unknown size
const INFO = "1549a966 87 2ad7b1830f4240"; // times are in milliseconds
const REST = "1f43b675 01ffffffffffffff e78100";
const NativeBlob = (await new Response("").blob()).constructor as typeof Blob;
globalThis.Blob = NativeBlob;
const bytes = async (blob: Blob) =>
  [...new Uint8Array(await blob.arrayBuffer())].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const plain = (text: string) => text.replaceAll(" ", "");

it("puts the length into the header, and moves nothing else", async () => {
  const told = await withDuration(new Blob([hex(HEAD + OPEN + INFO + REST)], { type: "audio/webm" }), 3140);
  // 18 bytes of information now, in a size of eight; the length is a double
  const info = "1549a966 0100000000000012 2ad7b1830f4240 4489 88 40a8880000000000";
  expect(await bytes(told)).toBe(plain(HEAD + OPEN + info + REST));
  expect(told.type).toBe("audio/webm");
});

it.each([
  ["knows its length", `${HEAD + OPEN}1549a966 8b 4489 88 40a8880000000000${REST}`],
  ["has a segment of a known size", `${HEAD}18538067 8c ${INFO}`],
  ["has no information", HEAD + OPEN + REST],
  ["is something else", "00000018 66747970 6d703432"],
  ["is cut short", "1a45df"],
  ["is empty", ""],
])("leaves one alone that %s", async (_, text) => {
  const blob = new Blob([hex(text)]);
  expect(await withDuration(blob, 1000)).toBe(blob);
});
