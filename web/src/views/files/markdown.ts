// Markdown cut into blocks and runs, for a preview: headings, lists, quotes, code, emphasis, links. A modest reader, not a
// whole one: what it does not know stays text. It makes data, never markup, and knows no HTML.

export type Run =
  | { kind: "text" | "strong" | "em" | "code" | "strike"; text: string }
  | { kind: "link"; text: string; href: string };
export type Block =
  | { kind: "heading"; level: number; runs: Run[] }
  | { kind: "text" | "quote"; runs: Run[] }
  | { kind: "item"; depth: number; sign: string; runs: Run[] }
  | { kind: "code"; text: string; lang: string }
  | { kind: "rule" };

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]*)/;
const ITEM = /^(\s*)(?:([-*+])|(\d{1,9})[.)])\s+(.*)$/;

export function blocks(text: string): Block[] {
  const found: Block[] = [];
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  /** Whether the line before is a paragraph that this one goes on. */
  let open: string[] | null = null;
  let quote = false;
  const close = () => {
    if (open) found.push({ kind: quote ? "quote" : "text", runs: runs(open.join("\n")) });
    open = null;
  };
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i]!;
    const fence = FENCE.exec(line);
    const heading = /^ {0,3}(#{1,6})\s+(.*)$/.exec(line);
    const item = ITEM.exec(line);
    const quoted = /^ {0,3}>\s?(.*)$/.exec(line);
    if (fence) {
      close();
      const code: string[] = [];
      for (i += 1; i < lines.length && !lines[i]!.trimStart().startsWith(fence[1]!); i += 1)
        code.push(lines[i]!);
      found.push({ kind: "code", text: code.join("\n"), lang: fence[2]! });
    } else if (/^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/.test(line)) {
      close();
      found.push({ kind: "rule" });
    } else if (heading) {
      close();
      found.push({ kind: "heading", level: heading[1]!.length, runs: runs(bare(heading[2]!)) });
    } else if (item) {
      close();
      const depth = Math.min(4, Math.floor(item[1]!.replaceAll("\t", "  ").length / 2));
      found.push({ kind: "item", depth, sign: item[3] ? `${item[3]}.` : "•", runs: runs(item[4]!) });
    } else if (line.trim() === "") close();
    else if (quoted) {
      if (!quote) close();
      quote = true;
      open = [...(open ?? []), quoted[1]!];
    } else {
      if (quote && open === null) quote = false;
      const last = found.at(-1);
      // An indented line under an item belongs to it.
      if (open === null && last?.kind === "item" && /^\s/.test(line))
        last.runs.push(...runs(` ${line.trim()}`));
      else {
        if (open === null) quote = false;
        open = [...(open ?? []), line.trim()];
      }
    }
  }
  close();
  return found;
}

/** A heading without the signs that may close it. By hand: an expression for it would take its time with a line of spaces. */
function bare(heading: string): string {
  const text = heading.trim();
  let end = text.length;
  while (text[end - 1] === "#") end -= 1;
  return text[end - 1]?.trim() === "" || end === 0 ? text.slice(0, end).trim() : text;
}

const RUN =
  /`([^`\n]+)`|\*\*([^*\n]+)\*\*|__([^_\n]+)__|~~([^~\n]+)~~|\*([^*\s][^*\n]*)\*|(?<![\p{L}\p{N}])_([^_\s][^_\n]*)_(?![\p{L}\p{N}])|!?\[([^[\]\n]*)\]\(([^()\s]+)\)|<?(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])>?/gu;

export function runs(text: string): Run[] {
  const found: Run[] = [];
  let at = 0;
  for (const match of text.matchAll(RUN)) {
    const run = runOf(match);
    if (!run) continue;
    if (match.index > at) found.push({ kind: "text", text: text.slice(at, match.index) });
    found.push(run);
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ kind: "text", text: text.slice(at) });
  return found;
}

function runOf([, code, strong, strong2, strike, em, em2, label, href, bare]: RegExpMatchArray):
  | Run
  | undefined {
  if (code) return { kind: "code", text: code };
  if (strong ?? strong2) return { kind: "strong", text: (strong ?? strong2)! };
  if (strike) return { kind: "strike", text: strike };
  if (em ?? em2) return { kind: "em", text: (em ?? em2)! };
  const to = safe(href ?? bare);
  // Where a link leads nowhere that we go, its words stand as they were written.
  return to === undefined
    ? undefined
    : { kind: "link", text: label ? honest(label, to) : bare || href!, href: to };
}

/** Words that read like an address of their own are followed by where the link really leads. */
function honest(label: string, href: string): string {
  const { host } = new URL(href);
  const said = /^(?:\w+:\/\/)?([^/?#\s]+\.[^/?#\s]+)/.exec(label.trim())?.[1]?.toLowerCase();
  return said === undefined || said === host ? label : `${label} (${host})`;
}

/** Only the web: no script, no data, nothing of this server under a borrowed name. */
function safe(href: string | undefined): string | undefined {
  try {
    const url = new URL(href ?? "");
    return /^https?:$/.test(url.protocol) && !url.username ? url.href : undefined;
  } catch {
    return undefined;
  }
}
