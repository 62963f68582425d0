// The server's markup of a message read into a tree. Nothing of it is ever handed to the browser's own parser: what is drawn are
// elements that we make, of a list that we know. Whatever is not exactly what the server writes makes the whole thing worthless,
// and the plain text is drawn instead.

import { urlOf } from "./text";

export type Node = string | Element;
export type Element =
  | { tag: Plain; children: Node[] }
  | { tag: "p"; done?: boolean; children: Node[] }
  | { tag: "br" | "hr" }
  | { tag: "h"; level: number; children: Node[] }
  | { tag: "ol"; start: number; children: Node[] }
  | { tag: "li"; done?: boolean; children: Node[] }
  | { tag: "th" | "td"; align?: Align; children: Node[] }
  | { tag: "a"; href: string; children: Node[] }
  | { tag: "code"; text: string; language?: string }
  | { tag: "pre"; language: string; text: string }
  | { tag: "math"; tex: string; block: boolean };
type Align = "start" | "center" | "end";
type Plain = "strong" | "em" | "del" | "ul" | "blockquote" | "table" | "thead" | "tbody" | "tr" | "spoiler";

const KNOWN = new Set(
  "p br strong em del code pre ul ol li blockquote h1 h2 h3 h4 h5 h6 hr table thead tbody tr th td a input span div".split(
    " ",
  ),
);
const VOID = new Set(["br", "hr", "input"]);
/** Between the children of these stands nothing but the line breaks of whoever wrote the markup. */
const LOOSE = new Set(["", "ul", "ol", "blockquote", "table", "thead", "tbody", "tr"]);
const BLOCKS = new Set(["p", "ul", "ol", "blockquote", "h", "pre", "hr", "table", "br"]);
/** Deeper, or more of them, is no conversation but an attack on the page that draws it. */
const DEEPEST = 40;
const MOST = 4000;

const TOKEN = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>|[^<]+/gy;
const ATTRIBUTE = /([a-z-]+)(?:="([^"]*)")?/g;

type Open = { tag: string; given: Map<string, string>; children: (Node | Box)[] };
/** The box of a task, until its list item takes it up. */
type Box = { tag: "input"; done: boolean };

/** The tree, or undefined where this is not the markup that we know. */
export function readMarkup(html: string): Node[] | undefined {
  const stack: Open[] = [{ tag: "", given: new Map(), children: [] }];
  let made = 0;
  let at = 0;
  for (const token of html.matchAll(TOKEN)) {
    at = token.index + token[0].length;
    const [all, closing, tag, attributes] = token;
    const top = stack.at(-1)!;
    if (tag === undefined) {
      put(top, decode(all));
      continue;
    }
    if (!KNOWN.has(tag)) return undefined;
    if (closing) {
      if (stack.length === 1 || top.tag !== tag || attributes) return undefined;
      stack.pop();
      const node = close(top);
      if (node === undefined) return undefined;
      for (const one of node) put(stack.at(-1)!, one);
      continue;
    }
    made += 1;
    if (made > MOST || stack.length > DEEPEST) return undefined;
    const given = read(attributes ?? "");
    if (!VOID.has(tag)) stack.push({ tag, given, children: [] });
    else if (tag !== "input") top.children.push({ tag: tag as "br" | "hr" });
    else if (given.get("type") === "checkbox")
      top.children.push({ tag: "input", done: given.has("checked") });
    else return undefined;
  }
  if (at !== html.length || stack.length !== 1) return undefined;
  return tidy(stack[0]!);
}

function read(attributes: string): Map<string, string> {
  const given = new Map<string, string>();
  for (const [, name, value] of attributes.matchAll(ATTRIBUTE)) given.set(name!, decode(value ?? ""));
  return given;
}

function put(parent: Open, node: Node | Box): void {
  const last = parent.children.at(-1);
  if (typeof node === "string" && typeof last === "string")
    parent.children[parent.children.length - 1] = last + node;
  else parent.children.push(node);
}

/** What a closed element becomes: itself, or its children where it says nothing to us. */
function close(open: Open): Node[] | undefined {
  const { tag, given } = open;
  const kind = given.get("class");
  if (tag === "pre") {
    const code = open.children[0];
    if (open.children.length !== 1 || typeof code !== "object" || code.tag !== "code") return undefined;
    return [{ tag, language: code.language ?? "", text: code.text }];
  }
  if (tag === "code") {
    const text = textOf(open.children);
    const language = /^language-(.+)$/.exec(kind ?? "")?.[1];
    return text === undefined ? undefined : [{ tag, text, ...(language && { language }) }];
  }
  if ((tag === "span" || tag === "div") && kind === "math") {
    const tex = textOf(open.children);
    return tex === undefined ? undefined : [{ tag: "math", tex, block: tag === "div" }];
  }
  const children = tidy(open);
  if (children === undefined) return undefined;
  switch (tag) {
    case "span":
      return kind === "spoiler" ? [{ tag: "spoiler", children }] : children;
    case "div":
      return undefined;
    case "a":
      return linkOf(given.get("href") ?? "", children);
    case "ol": {
      const start = Number(given.get("start") ?? 1);
      return [{ tag, start: Number.isSafeInteger(start) ? start : 1, children }];
    }
    case "th":
    case "td": {
      const align = ({ left: "start", center: "center", right: "end" } as const)[given.get("align") ?? ""];
      return [{ tag, children, ...(align && { align }) }];
    }
    case "li":
    case "p":
      return [{ tag, ...done(open), children }];
    case "h1":
    case "h2":
    case "h3":
    case "h4":
    case "h5":
    case "h6":
      return [{ tag: "h", level: Number(tag[1]), children }];
    default:
      return [{ tag: tag as Plain, children }];
  }
}

function textOf(children: (Node | Box)[]): string | undefined {
  if (children.length === 0) return "";
  return children.length === 1 && typeof children[0] === "string" ? children[0] : undefined;
}

/** The children without the line breaks that only the markup has. */
function tidy({ tag, children }: Open): Node[] | undefined {
  const kept: Node[] = [];
  for (const [i, child] of children.entries()) {
    if (typeof child !== "string") {
      if (child.tag !== "input") kept.push(child);
      else if (tag !== "li" && tag !== "p") return undefined;
      continue;
    }
    let text = child;
    if (isBlock(children[i - 1]) || i === 0) text = text.replace(/^\n+/, "");
    if (isBlock(children[i + 1], true) || i === children.length - 1) text = text.replace(/\n+$/, "");
    const before = children[i - 1];
    if (typeof before === "object" && before.tag === "input") text = text.replace(/^ /, "");
    if (text === "" || (LOOSE.has(tag) && text.trim() === "")) continue;
    kept.push(text);
  }
  return kept;
}

const isBlock = (node: Node | Box | undefined, before = false): boolean =>
  typeof node === "object" && BLOCKS.has(node.tag) && !(before && node.tag === "br");

/** A task's box stands first in its item, or first in the first paragraph of it. */
function done({ children }: Open): { done?: boolean } {
  const first = children.find((child) => typeof child !== "string" || child.trim() !== "");
  if (typeof first !== "object" || !(first.tag === "input" || first.tag === "p")) return {};
  return first.done === undefined ? {} : { done: first.done };
}

/** Only where we go; elsewhere the words stay and lead nowhere. That they say where it is, the server saw to. */
function linkOf(href: string, children: Node[]): Node[] {
  const url = urlOf(href);
  if (!url || !/^(https?|mailto):$/.test(url.protocol) || url.username || url.password) return children;
  return [{ tag: "a", href: url.href, children }];
}

const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

function decode(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi,
    (all, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return NAMED[name] ?? all;
      const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex!, 16);
      return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
        ? String.fromCodePoint(code)
        : "\ufffd";
    },
  );
}
