// A table of a spreadsheet or a page as a table of Markdown.
import type { Tag } from "./clipboard";

const MOST_ROWS = 200;
const MOST_COLUMNS = 20;

/** The table; "" where it is empty; undefined where it only arranges what stands in it, and its cells are read as a text. */
export function table(node: Tag, read: (cell: Tag) => string): string | undefined {
  if (find(node.children, "table").length > 0) return undefined;
  const rows = find(node.children, "tr").map((row) => find(row.children, "td", "th"));
  const wide = Math.max(0, ...rows.map((row) => row.length));
  if (wide < 2 || rows.length < 2 || rows.length > MOST_ROWS || wide > MOST_COLUMNS) return undefined;
  const texts = rows.map((row) =>
    Array.from({ length: wide }, (_, i) =>
      row[i]
        ? read(row[i])
            .replace(/(?<!\\)\|/g, "\\|")
            .trim()
        : "",
    ),
  );
  // A spreadsheet gives away rows and columns that hold nothing.
  while (texts.at(-1)?.every((text) => text === "")) texts.pop();
  const used = Array.from({ length: wide }, (_, i) => i).filter((i) => texts.some((row) => row[i] !== ""));
  if (used.length === 0) return "";
  const ends = used.map((i) =>
    atEnd(
      rows.slice(1).map((row) => row[i]),
      texts.slice(1).map((row) => row[i]!),
    ),
  );
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const [head, ...body] = texts.map((row) => line(used.map((i) => row[i]!)));
  return [head, line(ends.map((end) => (end ? "---:" : "---"))), ...body].join("\n");
}

/** Whether a column stands at its end: it says so, or holds numbers. */
function atEnd(cells: (Tag | undefined)[], texts: string[]): boolean {
  const filled = texts.filter((text) => text !== "");
  const told = cells.filter(
    (cell) =>
      cell && (cell.given.align === "right" || /text-align:\s*(right|end)/.test(cell.given.style ?? "")),
  );
  return (
    filled.length > 0 &&
    (told.length === cells.length || filled.every((text) => /^[-+−]?[\d.,\s']*\d\s?[%€$£]?$/.test(text)))
  );
}

/** The nearest of these below, in their order. */
function find(nodes: (Tag | string)[], ...tags: string[]): Tag[] {
  return nodes.flatMap((node) =>
    typeof node === "string" ? [] : tags.includes(node.tag) ? [node] : find(node.children, ...tags),
  );
}
