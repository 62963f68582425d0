// A message that is held outside of its room's window (pinned, saved, quoted), brought on by the same fold.
import type { Entry, Event } from "../wire/types";
import { apply, type Fold } from "./fold";

export function after(entry: Entry, event: Event): Entry {
  const fold: Fold = {
    head: 0,
    told: 0,
    end: event.seq,
    open: false,
    archived: false,
    rows: [{ entry, head: 0 }],
  };
  apply(fold, event);
  return fold.rows[0]?.entry ?? entry;
}
