// What the light box goes through: every picture and film of the loaded part of a room, in their order.

import { isMessage, type Row } from "../../state/fold";
import type { ShownFile } from "../../wire/files";
import { shapeOf } from "../../wire/shapes";
import type { MessageEntry } from "../../wire/types";

export type Slide = { file: ShownFile; entry: MessageEntry; film: boolean };

export function slides(rows: readonly Row[]): Slide[] {
  const found: Slide[] = [];
  for (const { entry } of rows) {
    if (!isMessage(entry) || entry.erased) continue;
    // A link that is a picture is one; what only decorates a link is none.
    const linked = (entry.previews ?? []).flatMap(({ image, title, description }) =>
      image && !title && !description ? [image] : [],
    );
    for (const file of [...entry.files, ...linked]) {
      const shape = shapeOf(file);
      if (shape !== "picture" && shape !== "film") continue;
      found.push({ file, entry, film: shape === "film" });
    }
  }
  return found;
}
