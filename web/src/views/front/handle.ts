/** What a username may be; the server has the last word. */
export const HANDLE = /^[a-z0-9._-]{2,32}$/;

/** A username out of a name: its first word, in plain letters. Empty where none are left (another script). */
export function handleFrom(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll("ø", "o")
    .replaceAll("æ", "ae")
    .replaceAll("ł", "l");
  const first = plain.trim().split(/\s+/)[0] ?? "";
  const handle = first.replace(/[^a-z0-9._-]/g, "").slice(0, 32);
  return HANDLE.test(handle) ? handle : "";
}
