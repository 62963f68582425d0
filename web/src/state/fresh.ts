// An answer may have been read before a change and come after the line has told of it: put in place, it would take back what is so now.
import type { ServerFrame } from "../wire/types";
import { feed } from "./feed.svelte";

/** Where so much comes, more of it will, and be taken by itself. */
const TIMES = 3;

/** What `ask` answers, asked again when something that `about` says is part of it was told meanwhile. */
export async function fresh<T>(ask: () => Promise<T>, about: (frame: ServerFrame) => boolean): Promise<T> {
  for (let left = TIMES; ; left -= 1) {
    let told = false;
    const deaf = feed.hear((frame) => {
      told ||= about(frame);
    });
    try {
      const answer = await ask();
      if (!told || left === 1) return answer;
    } finally {
      deaf();
    }
  }
}
