import { FOREVER, inMinutes, tomorrowMorning } from "../lib/quiet";
import type { Time } from "../wire/types";
import { quiet as w } from "../words/en/quiet";

// For how long: of me, and of a room.
export type Lasts = { label: string; hint?: string; until: Time };

const at = (label: string, end: Date, now: Date): Lasts => ({
  label,
  hint: w.until(end, now),
  until: end.toISOString(),
});

export const snoozes = (now: Date): Lasts[] => [
  at(w.choices.half, inMinutes(now, 30), now),
  at(w.choices.hour, inMinutes(now, 60), now),
  at(w.choices.morning, tomorrowMorning(now), now),
  { label: w.choices.forever, until: FOREVER },
];

export const mutes = (now: Date): Lasts[] => [
  at(w.choices.hour, inMinutes(now, 60), now),
  at(w.choices.eight, inMinutes(now, 8 * 60), now),
  at(w.choices.tomorrow, tomorrowMorning(now), now),
  { label: w.choices.ever, until: FOREVER },
];
