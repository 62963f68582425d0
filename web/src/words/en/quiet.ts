import { isForever } from "../../lib/quiet";
import { plural } from "../plural";
import { time } from "./time";

const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "long" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });
const days = (at: Date, now: Date) =>
  Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date(now).setHours(0, 0, 0, 0)) / 86_400_000);

/** "14:30", "tomorrow, 08:00", "Monday, 08:00", "3 March, 08:00" */
function moment(at: Date, now: Date): string {
  const ahead = days(at, now);
  const clock = time.clock(at);
  if (ahead === 0) return clock;
  if (ahead === 1) return `tomorrow, ${clock}`;
  return `${ahead < 7 ? weekday.format(at) : date.format(at)}, ${clock}`;
}

/** Not to be disturbed: me, a room, hours of the week. */
export const quiet = {
  title: "Do not disturb",
  lead: "No sounds, no notifications. Others see that you do not want to be disturbed.",
  until: (at: Date, now = new Date()) => `until ${moment(at, now)}`,
  untilISay: "until you say so",
  line: (end: string) => `Quiet ${end}`,
  hoursLine: (end: string) => `Quiet hours ${end}`,
  always: "Quiet at all hours",
  end: "End",
  endLabel: "End do not disturb",
  endNow: "Let me be disturbed again",
  change: "Change",
  choices: {
    half: "For 30 minutes",
    hour: "For 1 hour",
    eight: "For 8 hours",
    tomorrow: "Until tomorrow",
    morning: "Until tomorrow morning",
    forever: "Until I say so",
    ever: "For ever",
  },
  more: "Quiet hours and sounds",
  mute: "Mute …",
  muteTitle: (room: string) => `Mute ${room}`,
  unmute: "Unmute",
  muted: (end: string) => `Muted ${end}`,
  mutedForever: "Muted",
  mutedUntil: (until: string, now = new Date()) =>
    isForever(until) ? "" : `until ${moment(new Date(until), now)}`,
  hours: {
    title: "Quiet hours",
    lead: "At these times you are not disturbed, every week.",
    days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    on: (day: string) => `Quiet hours on ${day}`,
    from: (day: string) => `${day}, from`,
    to: (day: string) => `${day}, to`,
    next: "next day",
    whole: "24 hours",
    none: "none",
    same: "The same on all days",
    zone: "Time zone",
    between: "to",
  },
  words: {
    title: "Words that call you",
    lead: "A message with one of them is like one with your name. Nobody else learns of them.",
    add: "Add",
    field: "A word, or several in a row",
    remove: (word: string) => `Remove ${word}`,
    none: "None yet.",
    placeholder: "letterpress",
    known: "That one is there already.",
    most: (n: number) => plural(n, { one: "{n} is the most.", other: "{n} are the most." }),
  },
};
