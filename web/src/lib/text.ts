// The words of a message cut into pieces: plain text, links, names that are called, what may be a room or an emoji of our own. Pieces are drawn as text
// and as <a> elements, never as markup, so nothing that somebody writes can become more than that.

export type Piece =
  | { kind: "text"; text: string }
  | { kind: "link"; text: string; href: string; inside?: boolean }
  /** `mine`: it calls me, whatever it is. `group`: the name of one. */
  | { kind: "call"; text: string; name: string; mine?: boolean; group?: number }
  /** `#name`, which may be a room that I can see: state/marks knows. */
  | { kind: "room"; text: string }
  | { kind: "emoji"; text: string; name: string };

// A link begins at a word's edge and runs to the next space. Only http and https: every other scheme stays text.
const LINK = /\bhttps?:\/\/[^\s<>"“”]+/giu;
// As crates/protocol/src/mention.rs finds them: the sign follows no letter, digit or other sign of a name.
const CALL =
  /(?<![\p{L}\p{N}@._/-])(?:@([a-z0-9._-]+)(?![a-z0-9._-]|@[\p{L}\p{N}])|(?<![#&])#([\p{L}\p{N}][\p{L}\p{N}\p{M}_-]*))/giu;
/** `:name:` as an emoji of the community's own is written; a time such as 10:30:45 is none. */
const OWN = /(?<![\p{L}\p{N}]):([a-z0-9_-]{2,32}):(?![\p{L}\p{N}])/gu;

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const link = linkOf(match[0]);
    if (!link) continue;
    calls(text.slice(at, match.index), text[at - 1], found);
    found.push(link);
    at = match.index + link.text.length;
  }
  calls(text.slice(at), text[at - 1], found);
  return found;
}

/** The link without the full stop, comma or bracket that belongs to the sentence. */
function linkOf(raw: string): Extract<Piece, { kind: "link" }> | undefined {
  // Counted once: a link of sixteen thousand brackets must not take a second.
  let round = count(raw, ")") - count(raw, "(");
  let square = count(raw, "]") - count(raw, "[");
  let end = raw.length;
  for (; end > 0; end -= 1) {
    const last = raw[end - 1]!;
    if (last === ")" && round-- > 0) continue;
    if (last === "]" && square-- > 0) continue;
    if (!/[.,;:!?'*_~’»]/u.test(last)) break;
  }
  const text = raw.slice(0, end);
  const url = urlOf(text);
  // A name before an @ hides the true host ("https://bank.example@evil.example"): such a one stays text.
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || !url.hostname)
    return undefined;
  return { kind: "link", text, href: url.href };
}

export function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

const count = (text: string, sign: string) => text.split(sign).length - 1;

function calls(text: string, before: string | undefined, found: Piece[]): void {
  let at = 0;
  for (const match of text.matchAll(CALL)) {
    // The look-behind does not see over the edge of this stretch.
    if (match.index === 0 && before !== undefined && /[\p{L}\p{N}@._/-]/u.test(before)) continue;
    const name = (match[1] ?? match[2]!).replace(/[.\-_]+$/, "");
    const call = match[1] !== undefined;
    if (name.length < (call ? 2 : 1)) continue;
    signs(text.slice(at, match.index), found);
    found.push(
      call
        ? { kind: "call", text: `@${name}`, name: name.toLowerCase() }
        : { kind: "room", text: `#${name}` },
    );
    at = match.index + 1 + name.length;
  }
  signs(text.slice(at), found);
}

function signs(text: string, found: Piece[]): void {
  let at = 0;
  for (const match of text.matchAll(OWN)) {
    if (match.index > at) found.push({ kind: "text", text: text.slice(at, match.index) });
    found.push({ kind: "emoji", text: match[0], name: match[1]! });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ kind: "text", text: text.slice(at) });
}

const EMOJI = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[#*0-9]️?⃣)/u;
const BIG = 6;
let letters: Intl.Segmenter | undefined;

/** One to six emoji and nothing else, of our own too: they are drawn big. */
export function isBigEmoji(written: string, own: (name: string) => boolean = () => false): boolean {
  if (written.length > 240) return false;
  const text = written.replace(OWN, (all, name: string) => (own(name) ? "⭐" : all));
  // Nearly every text has a letter: then nothing has to be known of the others.
  if (text.length === 0 || text.length > 120 || /[a-z]/i.test(text)) return false;
  let found = 0;
  letters ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  for (const { segment } of letters.segment(text)) {
    if (/^\s+$/u.test(segment)) continue;
    found += 1;
    if (found > BIG || !EMOJI.test(segment) || /^[\p{L}\d]$/u.test(segment)) return false;
  }
  return found > 0;
}

/** The server's own limit of a message, told beforehand. */
const MOST = 16 * 1024;
/** By how many bytes it is too long. */
export const tooLong = (text: string): number =>
  text.length * 3 > MOST ? Math.max(0, new TextEncoder().encode(text).length - MOST) : 0;
