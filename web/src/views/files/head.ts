// The beginning of a text file: enough for a preview, however large the file is.
import { fileUrl, type ShownFile } from "../../wire/files";

/** Bytes. */
export const HEAD = 64 * 1024;

export type Head = { text: string; whole: boolean };

export async function readHead(file: ShownFile, signal: AbortSignal): Promise<Head> {
  if (file.size === 0) return { text: "", whole: true };
  const answer = await fetch(fileUrl(file.id), { headers: { range: `bytes=0-${HEAD - 1}` }, signal });
  if (!answer.ok || !answer.body) throw new Error(`${answer.status}`);
  // Not every place in between keeps to the range.
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let left = HEAD;
  while (left > 0) {
    const { done, value } = await reader.read();
    if (done) break;
    // A letter that is cut in two at the end is left out.
    text += decoder.decode(value.subarray(0, left), { stream: true });
    left -= value.length;
  }
  void reader.cancel().catch(() => undefined);
  const whole = file.size <= HEAD;
  // The last line of a part is a part.
  return { text: whole ? text : text.slice(0, text.lastIndexOf("\n") + 1 || undefined), whole };
}
