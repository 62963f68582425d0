// What the light box goes through: every picture and film of the loaded part of a room, in their order, or of a list of files.

import { isMessage, type Row } from "../../state/fold";
import type { ShownFile } from "../../wire/files";
import { shapeOf } from "../../wire/shapes";
import type { FileId, MessageEntry, RoomId, SentFile, Seq } from "../../wire/types";

/** Which one: a file may be in several messages. */
export type At = { room: RoomId; seq: Seq; file: FileId };
export type Slide = {
  room: RoomId;
  file: ShownFile;
  entry: Pick<MessageEntry, "seq" | "author" | "at">;
  film: boolean;
};

export const isAt = ({ room, entry, file }: Slide, at: At): boolean =>
  file.id === at.file && entry.seq === at.seq && room === at.room;

export function slidesOf(files: readonly SentFile[]): Slide[] {
  return files.flatMap((file) => slide(file.room, file, file));
}

function slide(room: RoomId, file: ShownFile, entry: Slide["entry"]): Slide[] {
  const shape = shapeOf(file);
  return shape === "picture" || shape === "film" ? [{ room, file, entry, film: shape === "film" }] : [];
}

export function slides(room: RoomId, rows: readonly Row[]): Slide[] {
  const found: Slide[] = [];
  for (const { entry } of rows) {
    if (!isMessage(entry) || entry.erased) continue;
    // A link that is a picture is one; what only decorates a link is none.
    const linked = (entry.previews ?? []).flatMap(({ image, title, description }) =>
      image && !title && !description ? [image] : [],
    );
    for (const file of [...entry.files, ...linked]) found.push(...slide(room, file, entry));
  }
  return found;
}
