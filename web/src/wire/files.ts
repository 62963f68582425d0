// Where a file's bytes and its small pictures are, and what kind of thing it is. Addresses bear no secret: the cookie says who asks.
import { api } from "./api";
import type { FileId, FileInfo } from "./types";

/** The widths in which the server makes thumbnails. */
export const WIDTHS = [80, 160, 320, 640, 1280, 1920] as const;
export type Width = (typeof WIDTHS)[number];

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

export const fileUrl = (id: FileId): string => `/api/v1/files/${id}`;
export const downloadUrl = (id: FileId): string => `${fileUrl(id)}?download=1`;
export const thumbUrl = (id: FileId, width: Width): string => `${fileUrl(id)}/thumbnail?w=${width}`;

/** A file as a message shows it: the server's, or one on its way. */
export type ShownFile = FileInfo & {
  /** Where its bytes are while the server has none to show: an object URL. */
  src?: string;
  /** Its upload, while it is on its way (`uploads.get(key)`); its id is negative until then. */
  key?: string;
};

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
