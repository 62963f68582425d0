// A table out of text, by RFC 4180 and by what programs really write: quotes around what holds the sign between, doubled
// quotes inside, any end of line; the sign between is found out from the first line.

export type Table = { rows: string[][]; more: boolean };

const SIGNS = ["\t", ";", ","] as const;

export function parseTable(text: string, most = 200): Table {
  const sign = between(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  const from = text.startsWith("\u{feff}") ? 1 : 0;
  for (let i = from; i < text.length; i += 1) {
    const c = text[i]!;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else quoted = false;
    } else if (c === '"' && cell === "") quoted = true;
    else if (c === sign) {
      row.push(cell);
      cell = "";
    } else if (c === "\n" || c === "\r") {
      if (c === "\r" && text[i + 1] === "\n") i += 1;
      rows.push([...row, cell]);
      row = [];
      cell = "";
      if (rows.length === most) return { rows, more: /\S/.test(text.slice(i + 1)) };
    } else cell += c;
  }
  if (cell !== "" || row.length > 0) rows.push([...row, cell]);
  return { rows, more: false };
}

/** The sign that stands most often in the first line, outside quotes. */
function between(text: string): string {
  const line = (/^[^\r\n]*/.exec(text)?.[0] ?? "").replaceAll(/"[^"]*"/g, "");
  const count = (sign: string) => line.split(sign).length;
  return SIGNS.reduce<string>((best, sign) => (count(sign) > count(best) ? sign : best), ",");
}
