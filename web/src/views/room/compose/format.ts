// What a press on "bold" does to a text: pure, so that each case can be tried. Every format is a toggle. A change is one stretch
// that is put in place of another, so that the field's own undo takes it back as one step.

export type Spot = { text: string; from: number; to: number };
/** `put` in place of what stands from `from` to `to`; then `select` is selected, counted in the new text. */
export type Change = { from: number; to: number; put: string; select: [number, number] };
export type Around = "bold" | "italic" | "strike" | "code" | "spoiler";
export type Before = "quote" | "list" | "numbers" | "tasks";
export type Format = Around | Before | "block" | "link";

const SIGNS: Record<Around, string> = { bold: "**", italic: "*", strike: "~~", code: "`", spoiler: "||" };
// Group 1 and the last are what goes; for emphasis inside strong, the strong's own signs stay outside.
const PAIRS: Record<Around, RegExp[]> = {
  bold: [
    /(\*\*)(?=[^\s*]|\*[^\s*])(.+?\*?)(\*\*)(?!\*)/g,
    /(?<![\p{L}\p{N}_])(__)(?=[^\s_])(.+?)(__)(?![\p{L}\p{N}_])/gu,
  ],
  italic: [
    /(?<=(?<!\*)\*\*)(\*)(?=[^\s*])(.+?)(\*)(?=\*\*(?!\*))/g,
    /(?<!\*)(\*)(?=[^\s*])((?:[^*]|\*\*)+?)(\*)(?!\*)/g,
    /(?<![\p{L}\p{N}_])(_)(?=[^\s_])(.+?)(_)(?![\p{L}\p{N}_])/gu,
  ],
  strike: [/(~~)(?=\S)(.+?)(~~)/g],
  // With a backtick inside, it is kept apart by spaces, which go too.
  code: [/(?<!`)(``+ )(.+?)( ``+)(?!`)/g, /(?<!`)(`+)(?!`)(.+?)(?<!`)(\1)(?!`)/g],
  spoiler: [/(\|\|)(?=\S)(.+?)(\|\|)/g],
};
/** What begins a line: quotes, then a list's mark. */
const START = /^(\s*(?:> ?)*)(?:([-*+] )(\[[ xX]\] )?|(\d{1,9})([.)]) )?/;

export function format(kind: Format, spot: Spot): Change {
  switch (kind) {
    case "link":
      return link(spot);
    case "block":
      return block(spot);
    case "quote":
    case "list":
    case "numbers":
    case "tasks":
      return lines(kind, spot);
    default:
      return around(kind, spot);
  }
}

/** Whether the format holds where one stands: a press would take it away. */
export function holds(kind: Format, spot: Spot): boolean {
  const fence = fenceAt(spot.text, spot.from);
  if (kind === "block" || fence) return kind === "block" && fence !== undefined;
  if (kind === "link") return linkAt(spot) !== undefined;
  if (kind in SIGNS) return pairAt(kind as Around, spot) !== undefined;
  const touched = spot.text
    .slice(...span(spot))
    .split("\n")
    .filter((line) => line.trim());
  return touched.length > 0 && touched.every((line) => has(kind as Before, line));
}

// ── signs around words ──

function around(kind: Around, spot: Spot): Change {
  const { text } = spot;
  const pair = pairAt(kind, spot);
  if (pair) {
    const { start, end, open, shut } = pair;
    const put = text.slice(start + open, end - shut);
    const move = (at: number) => Math.min(Math.max(at - open, start), start + put.length);
    return { from: start, to: end, put, select: [move(spot.from), move(spot.to)] };
  }
  const sign = SIGNS[kind];
  let { from, to } = trimmed(spot);
  if (text.slice(from, to).includes("\n"))
    return kind === "code" ? block(spot) : eachLine(sign, from, to, text);
  if (from === to) {
    // Between signs that were just made: they go again.
    const size = sign.length;
    if (
      text.slice(from - size, from) === sign &&
      text.slice(to, to + size) === sign &&
      text[from - size - 1] !== sign[0]
    )
      return { from: from - size, to: to + size, put: "", select: [from - size, from - size] };
    [from, to] = wordAt(text, from);
  }
  const inner = text.slice(from, to);
  let [open, shut] = [sign, sign];
  if (kind === "code" && inner.includes("`")) {
    const fence = "`".repeat(longest(inner, /`+/g) + 1);
    [open, shut] = [`${fence} `, ` ${fence}`];
  }
  // In the middle of a word one goes on where one was.
  const at = spot.from === spot.to ? spot.from - from : -1;
  const select: [number, number] =
    at >= 0 ? [from + open.length + at, from + open.length + at] : [from + open.length, to + open.length];
  return { from, to, put: open + inner + shut, select };
}

/** Without the spaces at its ends: signs hold on to words. */
function trimmed({ text, from, to }: Spot): { from: number; to: number } {
  const chosen = text.slice(from, to);
  if (chosen.trim() === "") return { from: to, to };
  return { from: from + chosen.length - chosen.trimStart().length, to: from + chosen.trimEnd().length };
}

function wordAt(text: string, at: number): [number, number] {
  const before = /[\p{L}\p{N}\p{M}'’]+$/u.exec(text.slice(0, at))?.[0].length ?? 0;
  const after = /^[\p{L}\p{N}\p{M}'’]+/u.exec(text.slice(at))?.[0].length ?? 0;
  // At the end of a word one begins something new.
  return before > 0 && after > 0 ? [at - before, at + after] : [at, at];
}

/** Emphasis ends with its paragraph, and a list's mark is no part of it: over several lines, each has its own. */
function eachLine(sign: string, from: number, to: number, text: string): Change {
  const put = text
    .slice(from, to)
    .split("\n")
    .map((line) => {
      const mark = START.exec(line)?.[0] ?? "";
      const words = line.slice(mark.length).trim();
      if (words === "") return line;
      return words.startsWith(sign) && words.endsWith(sign) && words.length > 2 * sign.length
        ? mark + words.slice(sign.length, -sign.length)
        : mark + sign + words + sign;
    })
    .join("\n");
  return { from, to, put, select: [from, from + put.length] };
}

type Pair = { start: number; end: number; open: number; shut: number };

function pairAt(kind: Around, spot: Spot): Pair | undefined {
  const { text } = spot;
  const { from, to } = trimmed(spot);
  if (text.slice(from, to).includes("\n")) return undefined;
  const [first, last] = span({ text, from, to });
  const line = text.slice(first, last);
  for (const pattern of PAIRS[kind])
    for (const match of line.matchAll(pattern)) {
      const start = first + match.index;
      const end = start + match[0].length;
      const open = match[1]!.length;
      if (start <= from && end >= to && !(from === to && (from === start || from === end)))
        return { start, end, open, shut: match.at(-1)!.length };
    }
  return undefined;
}

// ── marks before lines ──

/** From the start of the first line that is touched to the end of the last. */
function span({ text, from, to }: Spot): [number, number] {
  const end = text.indexOf("\n", to > from && text[to - 1] === "\n" ? to - 1 : to);
  return [text.lastIndexOf("\n", from - 1) + 1, end < 0 ? text.length : end];
}

function has(kind: Before, line: string): boolean {
  const [, quote, mark, task, number] = START.exec(line)!;
  if (kind === "quote") return quote!.includes(">");
  if (kind === "numbers") return number !== undefined;
  return mark !== undefined && (task !== undefined) === (kind === "tasks");
}

function lines(kind: Before, spot: Spot): Change {
  const [from, to] = span(spot);
  const all = spot.text.slice(from, to).split("\n");
  const alone = all.length === 1;
  const off = holds(kind, spot);
  let number = 0;
  const made = all.map((line) => {
    if (line.trim() === "" && !alone) return kind === "quote" && !off ? ">" : line;
    const [mark, quote] = START.exec(line)!;
    const words = line.slice(mark!.length);
    if (kind === "quote") return off ? line.replace(/^(\s*)> ?/, "$1") : `> ${line}`;
    number += 1;
    if (off) return quote + words;
    return quote + { list: "- ", numbers: `${number}. `, tasks: "- [ ] " }[kind] + words;
  });
  // A list or a quote begins a paragraph of its own.
  const put = made.join("\n");
  const grown = put.length - (to - from);
  const select: [number, number] =
    spot.from === spot.to
      ? [Math.max(from, spot.from + grown), Math.max(from, spot.to + grown)]
      : [from, from + put.length];
  return { from, to, put, select };
}

// ── blocks of code ──

type Fence = { start: number; inner: number; innerEnd: number; end: number; closed: boolean };

/** The block of code that a place lies in: after its opening line began, before its closing one ends. */
export function fenceAt(text: string, at: number): Fence | undefined {
  let open: { start: number; sign: string; inner: number } | undefined;
  let start = 0;
  for (const line of text.split("\n")) {
    const end = start + line.length;
    const sign = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (open === undefined) {
      if (start > at) return undefined;
      // A line with more of the signs after them is code in a line.
      if (sign && !(sign[0] === "`" && line.slice(line.indexOf(sign) + sign.length).includes("`")))
        open = { start, sign, inner: end + 1 };
    } else if (sign?.startsWith(open.sign) && line.trim() === sign) {
      if (at > open.start && at < end)
        return { start: open.start, inner: open.inner, innerEnd: start - 1, end, closed: true };
      open = undefined;
    }
    start = end + 1;
  }
  return open && at > open.start
    ? {
        start: open.start,
        inner: Math.min(open.inner, text.length),
        innerEnd: text.length,
        end: text.length,
        closed: false,
      }
    : undefined;
}

function block(spot: Spot): Change {
  const { text } = spot;
  const fence = fenceAt(text, spot.from);
  if (fence) {
    const put = text.slice(fence.inner, Math.max(fence.inner, fence.innerEnd));
    return { from: fence.start, to: fence.end, put, select: [fence.start, fence.start + put.length] };
  }
  const { from, to } = trimmed(spot);
  const inner = text.slice(from, to);
  const sign = "`".repeat(Math.max(3, longest(inner, /^`{3,}/gm) + 1));
  const before = from > 0 && text[from - 1] !== "\n" ? "\n" : "";
  const after = to < text.length && text[to] !== "\n" ? "\n" : "";
  const at = from + before.length + sign.length + 1;
  return {
    from,
    to,
    put: `${before}${sign}\n${inner}\n${sign}${after}`,
    select: [at, at + inner.length],
  };
}

const longest = (text: string, of: RegExp) =>
  Math.max(0, ...[...text.matchAll(of)].map((match) => match[0].length));

// ── links ──

const LINK = /\[((?:[^[\]\n]|\[[^[\]\n]*\])*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)/g;
export const isUrl = (text: string) => /^https?:\/\/[^\s<>"]+$/i.test(text.trim());

function linkAt({ text, from, to }: Spot): { start: number; end: number; words: string } | undefined {
  const [first, last] = span({ text, from, to });
  for (const match of text.slice(first, last).matchAll(LINK)) {
    const start = first + match.index;
    const end = start + match[0].length;
    if (start <= from && end >= to && !(from === to && (from === start || from === end)))
      return { start, end, words: match[1] || match[2]! };
  }
  return undefined;
}

function link(spot: Spot): Change {
  const there = linkAt(spot);
  if (there) {
    const { start, end, words } = there;
    return { from: start, to: end, put: words, select: [start, start + words.length] };
  }
  let { from, to } = trimmed(spot);
  if (from === to) [from, to] = wordAt(spot.text, from);
  const words = spot.text.slice(from, to);
  if (isUrl(words)) return { from, to, put: `[](${words})`, select: [from + 1, from + 1] };
  const at = words ? from + words.length + 3 : from + 1;
  return { from, to, put: `[${words}](${words ? "https://" : ""})`, select: words ? [at, at + 8] : [at, at] };
}

/** An address that is pasted over words becomes their link. */
export function linked(spot: Spot, url: string): Change | undefined {
  const { from, to } = trimmed(spot);
  const words = spot.text.slice(from, to);
  if (from === to || words.includes("\n") || isUrl(words) || !isUrl(url)) return undefined;
  if (fenceAt(spot.text, from) || linkAt({ text: spot.text, from, to })) return undefined;
  const put = `[${words.replace(/[[\]]/g, "\\$&")}](${url.trim().replace(/[()]/g, encodeBracket)})`;
  return { from, to, put, select: [from + put.length, from + put.length] };
}
const encodeBracket = (sign: string) => (sign === "(" ? "%28" : "%29");

// ── the next line ──

/** A new line in what one is in: the next item, more of the quote, the same indentation of code. An empty item ends its list. */
export function goOn({ text, from, to }: Spot): Change | undefined {
  const [start] = span({ text, from, to: from });
  const line = text.slice(start, from);
  if (fenceAt(text, from)) return put(from, to, `\n${/^[ \t]*/.exec(line)![0]}`);
  const [mark, quote, bullet, task, number, dot] = START.exec(line)!;
  if (mark!.trim() === "") return undefined;
  if (line.slice(mark!.length).trim() === "" && from === to) {
    // Nothing in it: out of the list first, then out of the quote.
    const left = bullet || number ? quote! : "";
    return { from: start, to, put: left, select: [start + left.length, start + left.length] };
  }
  const next = bullet ? bullet + (task ? "[ ] " : "") : number ? `${Number(number) + 1}${dot} ` : "";
  return put(from, to, `\n${quote}${next}`);
}

function put(from: number, to: number, words: string): Change {
  return { from, to, put: words, select: [from + words.length, from + words.length] };
}
