import { live } from "../../../state/live.svelte";
import type { Upload } from "../../../state/upload.svelte";
import { sending as w } from "../../../words/en/sending";

/** How far a file is, in words. */
export function wordsOf(file: Upload): string {
  switch (file.state) {
    case "waiting":
      return live.line === "online" ? w.waiting : w.offline;
    case "sending":
      return w.percent(file.progress);
    case "paused":
      return w.paused(file.progress);
    case "checking":
      return w.checking;
    case "failed":
      return file.why;
    case "done":
      return w.size(file.size);
  }
}
