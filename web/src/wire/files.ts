// A small file in one piece: a picture of somebody, an emoji. What a message takes along goes in pieces.
import { api } from "./api";
import type { FileInfo } from "./types";

export function postFile(blob: Blob, name: string): Promise<FileInfo> {
  const form = new FormData();
  form.append("file", blob, name);
  return api.post("files", form);
}
