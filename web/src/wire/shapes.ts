// What kind of thing a file is, which small pictures there are of it, and how a small one is sent. Apart from the addresses,
// which every page needs.
import { api } from "./api";
import { type ShownFile, thumbUrl, WIDTHS, type Width } from "./files";
import type { FileInfo } from "./types";

export type FileShape =
  | "picture"
  | "film"
  | "sound"
  | "voice"
  | "pdf"
  | "table"
  | "markdown"
  | "text"
  | "other";

/** Every width that is no larger than the picture itself, for `srcset`. */
export function srcset(file: Pick<FileInfo, "id" | "width">, most: Width = 1920): string {
  const fit = WIDTHS.filter((w) => w <= most && (w === WIDTHS[0] || w < (file.width ?? most) * 1.5));
  return fit.map((w) => `${thumbUrl(file.id, w)} ${w}w`).join(", ");
}

/** Whether the server makes small pictures of it. */
export const hasThumbnail = (file: FileInfo): boolean => file.thumbhash !== undefined;

export function shapeOf(file: Pick<ShownFile, "type" | "voice" | "thumbhash" | "src" | "name">): FileShape {
  const { type } = file;
  // A picture that could not be decoded is a file like any other.
  if (type.startsWith("image/")) return (file.thumbhash ?? file.src) === undefined ? "other" : "picture";
  if (type.startsWith("video/")) return "film";
  if (type.startsWith("audio/")) return file.voice ? "voice" : "sound";
  if (type === "application/pdf") return "pdf";
  if (type === "text/csv" || (type === "text/plain" && /\.tsv$/i.test(file.name))) return "table";
  if (type === "text/markdown") return "markdown";
  if (type.startsWith("text/") || type === "application/json") return "text";
  return "other";
}

/** Sends a small file in one piece: a picture of somebody, an emoji. What a message takes along goes in pieces (`tus`). */
export function postFile(blob: Blob, name: string): Promise<FileInfo> {
  const form = new FormData();
  form.append("file", blob, name);
  return api.post("files", form);
}
