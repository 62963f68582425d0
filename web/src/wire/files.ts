// Where a file's bytes and its small pictures are. Addresses bear no secret: the cookie says who asks.
import type { FileId, FileInfo } from "./types";

/** The widths in which the server makes thumbnails. */
export const WIDTHS = [80, 160, 320, 640, 1280, 1920] as const;
export type Width = (typeof WIDTHS)[number];

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
