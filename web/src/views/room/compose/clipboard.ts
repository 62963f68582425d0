// HTML as programs put it on the clipboard, read into a tree. By hand, and forgiving: the page's policy rightly keeps every
// string away from the browser's own parser. What is read here is never drawn; it becomes Markdown.

export type Tag = { tag: string; given: Record<string, string>; children: (Tag | string)[] };

const VOID = new Set("area base br col embed hr img input link meta source track wbr".split(" "));
/** Whose text is none. */
const SILENT = new Set("script style title template noscript xml svg math".split(" "));
const BLOCK = new Set(
  "address article aside blockquote center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul".split(
    " ",
  ),
);
export const isBlock = (tag: string) => BLOCK.has(tag);
/** What an opening tag ends that nobody closed, up to the element that holds it. */
const ENDS: Record<string, [string[], string[]]> = {
  li: [["li"], ["ul", "ol"]],
  td: [
    ["td", "th"],
    ["tr", "table"],
  ],
  th: [
    ["td", "th"],
    ["tr", "table"],
  ],
  tr: [["tr"], ["table"]],
};
const DEEPEST = 200;

export function readHtml(html: string): Tag {
  const root: Tag = { tag: "", given: {}, children: [] };
  const stack = [root];
  const top = () => stack.at(-1)!;
  let at = 0;
  let silent = "";
  while (at < html.length) {
    const open = html.indexOf("<", at);
    const text = html.slice(at, open < 0 ? undefined : open);
    if (text && !silent) top().children.push(decode(text));
    if (open < 0) break;
    // A sign that begins no tag, such as in "a < b".
    if (!/[a-z/!?]/i.test(html[open + 1] ?? "")) {
      if (!silent) top().children.push("<");
      at = open + 1;
      continue;
    }
    const end = endOf(html, open);
    const inside = html.slice(open + 1, end - 1);
    at = end;
    const closing = inside[0] === "/";
    const tag = /^\/?([a-z][^\s/>]*)/i.exec(inside)?.[1]?.toLowerCase();
    if (!tag) continue;
    if (silent) {
      if (closing && tag === silent) silent = "";
    } else if (closing) close(stack, [tag], []);
    else if (SILENT.has(tag)) silent = inside.endsWith("/") ? "" : tag;
    else {
      const [ends, within] =
        ENDS[tag] ?? (BLOCK.has(tag) ? [["p"], ["td", "th", "li", "div", "blockquote"]] : [[], []]);
      if (ends.length > 0) close(stack, ends, within);
      const made: Tag = { tag, given: attributes(inside), children: [] };
      top().children.push(made);
      if (!VOID.has(tag) && !inside.endsWith("/") && stack.length < DEEPEST) stack.push(made);
    }
  }
  return root;
}

/** Closes the nearest of these, if there is one before one of `within`. */
function close(stack: Tag[], tags: string[], within: string[]): void {
  for (let i = stack.length - 1; i > 0; i -= 1) {
    const { tag } = stack[i]!;
    if (tags.includes(tag)) {
      stack.length = i;
      return;
    }
    if (within.includes(tag)) return;
  }
}

/** Behind the ">" that ends what begins here; quotes may hold one. */
function endOf(html: string, open: number): number {
  if (html.startsWith("<!--", open)) {
    const end = html.indexOf("-->", open + 4);
    return end < 0 ? html.length : end + 3;
  }
  let quote = "";
  for (let i = open + 1; i < html.length; i += 1) {
    const sign = html[i]!;
    if (quote) {
      if (sign === quote) quote = "";
    } else if (sign === ">") return i + 1;
    else if ((sign === '"' || sign === "'") && html[i - 1] === "=") quote = sign;
  }
  return html.length + 1;
}

function attributes(inside: string): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [, name, double, single, bare] of inside.matchAll(
    /\s([a-z][\w:-]*)(?:\s?=\s?(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/gi,
  ))
    given[name!.toLowerCase()] = decode(double ?? single ?? bare ?? "");
  return given;
}

const NAMED: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  middot: "·",
  bull: "•",
  hellip: "…",
  ndash: "–",
  mdash: "—",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  euro: "€",
  copy: "©",
};
export function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (all, decimal, hex, name) => {
    if (name) return NAMED[name] ?? all;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });
}
