import type { IconName } from "../../../parts/icons.gen";
import { shapeOf } from "../../../wire/shapes";

const ICONS: Record<ReturnType<typeof shapeOf>, IconName> = {
  picture: "image",
  film: "film",
  sound: "music",
  voice: "mic",
  pdf: "file-text",
  table: "table",
  markdown: "file-text",
  text: "file-text",
  other: "file",
};

/** What kind of thing it is, as a picture. */
export function iconOf(file: { type: string; name: string; hints: { voice?: boolean } }): IconName {
  if (file.type.startsWith("image/")) return "image";
  if (/zip|tar|gzip|7z|rar|compressed/.test(file.type)) return "file-archive";
  return ICONS[shapeOf({ ...file, ...(file.hints.voice && { voice: true }) })];
}
