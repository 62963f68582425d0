// What was copied out of a document, a page or a table, as Markdown. Where the plain text says as much, it says it better.
import { isBlock, readHtml, type Tag } from "./clipboard";
import { table } from "./table";

type Look = { bold?: boolean; italic?: boolean; strike?: boolean; code?: boolean; href?: string };
type Run = Look & { text: string };
/** Two that are tight stand one under the other; else a line is kept free between them. */
type Block = { text: string; tight?: boolean; kind?: "item" | "code" };

/** More than this is no message, and plain text is quick. */
const LARGEST = 400_000;

/** The Markdown, or undefined where the plain text is what one wants. `language`: as an editor names it. */
export function fromRich(html: string, plain: string, language = ""): string | undefined {
  if (html.length > LARGEST || plain.trim() === "") return undefined;
  const paper = new Paper();
  paper.read(readHtml(html).children, {});
  const { blocks, runs } = paper.done();
  const said = runs.filter((run) => run.text.trim());
  if (said.length > 0 && said.every((run) => run.code)) return asCode(plain, language);
  // A word out of a title is a word.
  const [first] = said;
  const even = said.every((run) => first && looks(run, first));
  if (!paper.marked || (blocks.length === 1 && even && !first?.href && blocks[0]!.kind === undefined))
    return undefined;
  const text = joined(blocks);
  return text.trim() === "" ? undefined : text;
}

/** Code is letter by letter what it was; a line of it can stand in a sentence. */
function asCode(plain: string, language: string): string | undefined {
  const text = plain.replace(/\r\n?/g, "\n").replace(/^\n+|\s+$/g, "");
  if (!text.includes("\n")) return undefined;
  const sign = "`".repeat(
    Math.max(3, ...[...text.matchAll(/^\s*(`{3,})/gm)].map((match) => match[1]!.length + 1)),
  );
  return `${sign}${/^[\w+#-]{1,20}$/.test(language) && language !== "plaintext" ? language : ""}\n${text}\n${sign}\n`;
}

const looks = (a: Look, b: Look) =>
  !a.bold === !b.bold &&
  !a.italic === !b.italic &&
  !a.strike === !b.strike &&
  !a.code === !b.code &&
  a.href === b.href;

function joined(blocks: Block[]): string {
  return blocks
    .map((block, i) => (i === 0 ? "" : block.tight && blocks[i - 1]!.tight ? "\n" : "\n\n") + block.text)
    .join("");
}

class Paper {
  /** Whether anything is more than plain text. */
  marked = false;
  #blocks: Block[] = [];
  #line: Run[] = [];
  #all: Run[] = [];

  done(): { blocks: Block[]; runs: Run[] } {
    this.#flush(false);
    return { blocks: this.#blocks, runs: this.#all };
  }

  read(nodes: (Tag | string)[], look: Look): void {
    for (const node of nodes) {
      if (typeof node === "string") this.#say(node.replace(/[\t\n\r \u00a0]+/g, " "), look);
      else this.#element(node, look);
    }
  }

  #element(node: Tag, look: Look): void {
    const { tag, given, children } = node;
    const style = (given.style ?? "").toLowerCase();
    if (/display:\s*none|mso-list:\s*ignore/.test(style)) return;
    const now = lookOf(node, style, look);
    switch (tag) {
      case "br":
        return this.#say("\n", look);
      case "img":
        return this.#say(given.alt && given.alt.length < 40 ? given.alt : "", look);
      case "hr":
        return this.#put({ text: "---" });
      case "pre":
        return this.#code(children);
      case "ul":
      case "ol":
        return this.#list(node, now);
      case "table":
        return this.#table(node);
      case "blockquote":
        return this.#quote(children, now);
      case "h1":
      case "h2":
      case "h3":
      case "h4":
      case "h5":
      case "h6":
        return this.#heading(Number(tag[1]), children);
    }
    const level = tag === "p" && /mso-list:\s*l\d+ level(\d)/.exec(style)?.[1];
    if (level) return this.#officeItem(node, Number(level), now);
    if (!isBlock(tag)) return this.read(children, now);
    // Of an editor's own lines each is a block of its own.
    this.#flush(true);
    this.read(children, now);
    this.#flush(tag !== "p");
  }

  #say(text: string, look: Look): void {
    if (text === "") return;
    const run = { ...look, text };
    this.#line.push(run);
    this.#all.push(run);
  }

  #flush(tight: boolean): void {
    const line = this.#line;
    this.#line = [];
    const text = inline(line);
    if (text === "") return;
    if (
      line.some(
        (run) => run.bold || run.italic || run.strike || run.code || (run.href && run.href !== run.text),
      )
    )
      this.marked = true;
    this.#blocks.push({ text: guarded(text), tight });
  }

  #put(block: Block): void {
    this.#flush(true);
    this.marked = true;
    this.#blocks.push(block);
  }

  /** What stands in an element, on a paper of its own. */
  #within(children: (Tag | string)[], look: Look): Block[] {
    const inner = new Paper();
    inner.read(children, look);
    const { blocks, runs } = inner.done();
    this.#all.push(...runs);
    return blocks;
  }

  #code(children: (Tag | string)[]): void {
    const text = textOf(children).replace(/^\n|\s+$/g, "");
    this.#all.push({ text, code: true });
    if (text.trim())
      this.#put({ text: asCode(text, "")?.trimEnd() ?? `\`\`\`\n${text}\n\`\`\``, kind: "code" });
  }

  #heading(level: number, children: (Tag | string)[]): void {
    // It is strong by itself.
    const text = this.#within(children, {})
      .map((block) => block.text.replace(/^\*\*(.*)\*\*$/, "$1").replace(/\n/g, " "))
      .join(" ");
    if (text.trim()) this.#put({ text: `${"#".repeat(level)} ${text}` });
  }

  #quote(children: (Tag | string)[], look: Look): void {
    const text = joined(this.#within(children, look));
    if (text.trim()) this.#put({ text: text.replace(/^/gm, "> ").replace(/^> $/gm, ">") });
  }

  #list(list: Tag, look: Look): void {
    this.#flush(true);
    let number = Number(list.given.start ?? 1) || 1;
    for (const item of list.children) {
      if (typeof item === "string") continue;
      // Some hang a list into a list without an item between.
      if (item.tag === "ul" || item.tag === "ol") {
        for (const { text } of this.#within([item], look))
          this.#put({ text: text.replace(/^/gm, "   "), tight: true, kind: "item" });
        continue;
      }
      const blocks = this.#within(item.children, lookOf(item, (item.given.style ?? "").toLowerCase(), look));
      const box = boxOf(item);
      const mark = list.tag === "ol" ? `${number++}. ` : box === undefined ? "- " : `- [${box ? "x" : " "}] `;
      const indent = " ".repeat(list.tag === "ol" ? 3 : 2);
      const text = blocks.map((block) => block.text).join("\n");
      this.#put({ text: mark + text.replace(/\n(?=.)/g, `\n${indent}`), tight: true, kind: "item" });
    }
  }

  /** An office program writes its lists as paragraphs, with the sign as a text that is to be ignored. */
  #officeItem({ children }: Tag, level: number, look: Look): void {
    const sign = textOf(children).trim();
    const text = this.#within(children, look)
      .map((block) => block.text)
      .join("\n");
    const mark = /^(\d+)[.)]/.exec(sign)?.[1];
    this.#put({
      text: `${"   ".repeat(level - 1)}${mark ? `${mark}.` : "-"} ${text}`,
      tight: true,
      kind: "item",
    });
  }

  #table(node: Tag): void {
    const made = table(node, (cell) => joined(this.#within(cell.children, {})).replace(/\s*\n\s*/g, " "));
    if (made === undefined) return this.read(node.children, {});
    if (made) this.#put({ text: made, kind: "code" });
  }
}

function lookOf({ tag, given }: Tag, style: string, look: Look): Look {
  const now = { ...look };
  const weight = /font-weight:\s*(\w+)/.exec(style)?.[1];
  // One program wraps all that it copies into a <b> that is not bold.
  if (weight) now.bold = weight === "bold" || Number(weight) >= 600;
  else if (tag === "b" || tag === "strong") now.bold = true;
  if (/font-style:\s*italic/.test(style)) now.italic = true;
  else if (/font-style:\s*normal/.test(style)) now.italic = false;
  else if (tag === "i" || tag === "em" || tag === "cite") now.italic = true;
  if (
    tag === "s" ||
    tag === "del" ||
    tag === "strike" ||
    /text-decoration[^;]*:\s*[^;]*line-through/.test(style)
  )
    now.strike = true;
  if (/^(code|kbd|tt|samp)$/.test(tag) || /font-family:[^;]*(mono|consolas|courier|menlo)/.test(style))
    now.code = true;
  if (tag === "a" && /^(https?|mailto):/i.test(given.href ?? "")) now.href = given.href!;
  return now;
}

/** Signs around as much as they hold on to, the outer ones first; spaces stay outside. */
function inline(runs: Run[]): string {
  const text = around(runs, ["href", "strike", "bold", "italic", "code"]);
  return text
    .replace(/ *\n */g, "\n")
    .replace(/ {2,}/g, " ")
    .trim();
}

const SIGNS = { strike: "~~", bold: "**", italic: "*", code: "`" } as const;

function around(runs: Run[], marks: (keyof Look)[]): string {
  const [mark, ...rest] = marks;
  if (mark === undefined) return runs.map((run) => (run.code ? run.text : escaped(run.text))).join("");
  const parts: Run[][] = [];
  for (const run of runs) {
    const before = parts.at(-1)?.[0];
    if (before && (before[mark] || undefined) === (run[mark] || undefined)) parts.at(-1)!.push(run);
    else parts.push([run]);
  }
  return parts
    .map((part) => {
      const inner = around(part, rest);
      const value = part[0]![mark];
      const core = inner.trim();
      if (!value || core === "") return inner;
      const lead = inner.slice(0, inner.length - inner.trimStart().length);
      const tail = inner.slice(inner.trimEnd().length);
      return lead + (mark === "href" ? linked(core, String(value)) : signed(core, SIGNS[mark])) + tail;
    })
    .join("");
}

function signed(core: string, sign: string): string {
  if (sign !== "`") return sign + core + sign;
  return core.includes("`") ? `\`\` ${core} \`\`` : `\`${core.replace(/\n/g, " ")}\``;
}

function linked(core: string, href: string): string {
  const words = core.replace(/\n/g, " ");
  const same = words === href || `${words}/` === href;
  return same
    ? href
    : `[${words.replace(/[[\]]/g, "\\$&")}](${href.replace(/[()\s]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)})`;
}

/** Signs that would be markup by accident. Few: what one pastes one wants to read. */
function escaped(text: string): string {
  return text
    .replace(/[*`\\]/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/~~|\|\|/g, (two) => `\\${two[0]}\\${two[0]}`)
    .replace(/\$(?=[^$]*\$)/g, "\\$");
}

/** A paragraph that begins as if it were a list, a quote or a title. */
const guarded = (text: string) =>
  text.replace(/^(#{1,6} |> ?|[-+] |\d{1,9}(?=[.)] ))/gm, (mark) =>
    /^\d/.test(mark) ? `${mark}\\` : `\\${mark}`,
  );

function textOf(nodes: (Tag | string)[]): string {
  return nodes
    .map((node) => (typeof node === "string" ? node : node.tag === "br" ? "\n" : textOf(node.children)))
    .join("");
}

function boxOf(item: Tag): boolean | undefined {
  for (const child of item.children) {
    if (typeof child === "string") continue;
    if (child.tag === "input" && child.given.type === "checkbox") return child.given.checked !== undefined;
    const inner = boxOf(child);
    if (inner !== undefined) return inner;
  }
  return undefined;
}
