// How the list of files is laid out: under the name of its month what can be seen as a picture in rows of a grid, all the
// rest a line each.

import type { IconName } from "../../parts/icons.gen";
import { keyOf, type Narrow } from "../../state/files.svelte";
import { hasThumbnail, shapeOf } from "../../wire/shapes";
import type { FileKind, SentFile, User } from "../../wire/types";
import { files as w } from "../../words/en/files";

export type Line =
  | { kind: "month"; key: string; name: string }
  | { kind: "pictures"; key: string; files: SentFile[] }
  | { kind: "file"; key: string; file: SentFile };

/** After so many files, a page, the grid is closed and another one begins: what is loaded later goes below what is there,
    and moves nothing. */
const STRETCH = 60;

export function lines(files: readonly SentFile[], columns: number, now = new Date()): Line[] {
  const out: Line[] = [];
  let month = "";
  let stretch: SentFile[] = [];
  const close = () => {
    const pictures = stretch.filter(hasThumbnail);
    for (let at = 0; at < pictures.length; at += columns) {
      const row = pictures.slice(at, at + columns);
      out.push({ kind: "pictures", key: `p ${row.map(keyOf).join(" ")}`, files: row });
    }
    for (const file of stretch) if (!hasThumbnail(file)) out.push({ kind: "file", key: keyOf(file), file });
    stretch = [];
  };
  for (const [i, file] of files.entries()) {
    const name = w.month(new Date(file.at), now);
    if (name !== month || i % STRETCH === 0) close();
    if (name !== month) out.push({ kind: "month", key: `m ${file.at.slice(0, 7)}`, name });
    month = name;
    stretch.push(file);
  }
  close();
  return out;
}

/** As many as fit in the width, three on a phone and in the panel; and how large each is. */
export function grid(width: number): { columns: number; tile: number; gap: number } {
  const gap = width < 480 ? 4 : 8;
  const columns = width < 480 ? 3 : Math.floor((width + gap) / (152 + gap));
  return { columns, gap, tile: Math.max(1, Math.floor((width - gap * (columns - 1)) / columns)) };
}

export function iconOf(file: SentFile): IconName {
  switch (shapeOf(file)) {
    case "picture":
      return "image";
    case "film":
      return "film";
    case "sound":
      return "music";
    case "voice":
      return "mic";
    case "table":
      return "table";
    case "pdf":
    case "markdown":
    case "text":
      return /json|javascript|html|xml/.test(file.type) ? "file-code" : "file-text";
    case "other":
      if (/word|document|opendocument.text|rtf/.test(file.type)) return "file-text";
      if (/sheet|excel/.test(file.type)) return "table";
      return /zip|tar|compressed|7z|rar/.test(file.type) ? "file-archive" : "file";
  }
}

/** What a file is called on the screen: nobody named a voice message. */
export const nameOf = (file: SentFile): string =>
  file.voice ? w.voice(w.length(file.duration_ms ?? 0)) : file.name;

/** The colour that a picture has on the whole, from its thumbhash: what stands there until it is loaded. */
export function colourOf(thumbhash: string | undefined): string | undefined {
  let bytes: string;
  try {
    bytes = atob(thumbhash ?? "");
  } catch {
    return undefined;
  }
  if (bytes.length < 5) return undefined;
  // https://evanw.github.io/thumbhash: the first three bytes hold lightness and two colour differences, 6 bits each.
  const head = bytes.charCodeAt(0) | (bytes.charCodeAt(1) << 8) | (bytes.charCodeAt(2) << 16);
  const l = (head & 63) / 63;
  const p = ((head >> 6) & 63) / 31.5 - 1;
  const q = ((head >> 12) & 63) / 31.5 - 1;
  const b = l - (2 / 3) * p;
  const r = (3 * l - b + q) / 2;
  const level = (value: number) => Math.round(255 * Math.max(0, Math.min(1, value)));
  return `rgb(${level(r)} ${level(r - q)} ${level(b)})`;
}

/** What narrows the list, as the screen holds it: days of the reader's own calendar. */
export type Wish = {
  q?: string | undefined;
  kind?: FileKind | undefined;
  user?: User | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

export const isNarrow = (wish: Wish): boolean => Object.values(wished(wish)).some(Boolean);

/** As the server is asked. */
export function wished({ q, kind, user, from, to }: Wish): Narrow {
  const name = q?.trim();
  return {
    ...(name && { q: name }),
    ...(kind && { kind }),
    ...(user && { user: user.id }),
    ...(from && { from: new Date(`${from}T00:00`).toISOString() }),
    // The server stops before it: where the next day begins.
    ...(to && { to: new Date(new Date(`${to}T00:00`).setHours(24)).toISOString() }),
  };
}

/** The days in words; empty where there are none. */
export function timeOf({ from, to }: Wish): string {
  const day = (text: string) => new Date(`${text}T00:00`);
  if (from && to) return w.between(day(from), day(to));
  return from ? w.after(day(from)) : to ? w.before(day(to)) : "";
}

/** A day of the calendar, as a field for dates writes it. */
export function daysAgo(days: number, now = new Date()): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
