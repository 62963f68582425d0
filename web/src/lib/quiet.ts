// Quiet times as functions of what somebody wishes and of the clock, the same as crates/server/src/quiet.rs reckons them: hours belong to the weekday
// on which they begin, in the person's own time zone. To the minute, and an hour off for those whose clock is put forward within them.

type Time = string;
/** Minutes after midnight. */
type Hours = { from: number; to: number };
/** Of what somebody wishes (`me.quiet`), that which is about times. */
type Quiet = { until?: Time | undefined; zone: string; days: (Hours | null)[] };

/** "Until I say so": the last year that both sides can write. */
export const FOREVER: Time = "9999-01-01T00:00:00.000Z";
export const isForever = (until: Time): boolean => until >= "9000";

const DAY = 24 * 60;
const WEEK = 7 * DAY;
const MINUTE = 60_000;

export type Away = {
  end: Date;
  forever: boolean /** I asked for it, as against hours of mine. */;
  snoozed: boolean;
};

/** Whether it is quiet at this moment, and when that ends. */
export function quietAt(quiet: Quiet, now: Date): Away | undefined {
  const snoozed = quiet.until !== undefined && new Date(quiet.until) > now;
  let end = snoozed ? new Date(quiet.until!) : now;
  if (snoozed && isForever(quiet.until!)) return { end, forever: true, snoozed };
  // One quiet time may go over into the next; seven whole days have no end.
  for (let i = 0; i <= 9; i += 1) {
    const left = hoursLeft(quiet, end);
    if (left === 0) return end > now ? { end, forever: false, snoozed } : undefined;
    end = new Date((Math.floor(end.getTime() / MINUTE) + left) * MINUTE);
  }
  return { end, forever: true, snoozed };
}

/** Minutes until the quiet hours end that are at this moment; 0 where there are none. */
function hoursLeft(quiet: Quiet, at: Date): number {
  if (!quiet.days.some(Boolean)) return 0;
  const now = minuteOfWeek(at, quiet.zone);
  let left = 0;
  for (const [day, hours] of quiet.days.entries()) {
    if (!hours) continue;
    const lasts = hours.to > hours.from ? hours.to - hours.from : hours.to - hours.from + DAY;
    const since = (now - (day * DAY + hours.from) + WEEK) % WEEK;
    if (since < lasts) left = Math.max(left, lasts - since);
  }
  return left;
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Minutes since Monday began, where the person lives. */
function minuteOfWeek(at: Date, zone: string): number {
  const parts = new Map(
    formatter(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const day = WEEKDAYS.indexOf(parts.get("weekday") ?? "Mon");
  return day * DAY + Number(parts.get("hour")) * 60 + Number(parts.get("minute"));
}

let kept: { zone: string; format: Intl.DateTimeFormat } | undefined;
function formatter(zone: string): Intl.DateTimeFormat {
  if (kept?.zone !== zone) kept = { zone, format: made(zone) };
  return kept.format;
}
function made(timeZone: string): Intl.DateTimeFormat {
  const how = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  try {
    return new Intl.DateTimeFormat("en-US", { ...how, timeZone: timeZone || undefined });
  } catch {
    // A zone that this browser does not know.
    return new Intl.DateTimeFormat("en-US", { ...how, timeZone: "UTC" });
  }
}

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

const MORNING = 8;
/** The next morning that one would call tomorrow: at one in the night it is the one that comes. */
export function tomorrowMorning(now: Date): Date {
  const morning = new Date(now);
  morning.setHours(MORNING, 0, 0, 0);
  if (now.getHours() >= MORNING - 4) morning.setDate(morning.getDate() + 1);
  return morning;
}

export const inMinutes = (now: Date, minutes: number): Date => new Date(now.getTime() + minutes * MINUTE);
