import { expect, it } from "vitest";
import type { Hours, Quiet } from "../wire/types";
import { FOREVER, quietAt, tomorrowMorning } from "./quiet";

const hours = (zone: string, days: number[], from: number, to: number): Quiet => ({
  zone,
  keywords: [],
  days: Array.from({ length: 7 }, (_, day): Hours | null => (days.includes(day) ? { from, to } : null)),
});
const EVERY = [0, 1, 2, 3, 4, 5, 6];
const [EVENING, SEVEN] = [22 * 60, 7 * 60];
const end = (quiet: Quiet, at: string) =>
  quietAt(quiet, new Date(at))?.end.toISOString().replace(":00.000Z", "Z");

it("is not quiet where nobody wishes it", () => {
  expect(quietAt({ zone: "", days: [] }, new Date())).toBeUndefined();
});

// The cases of crates/server/src/quiet/tests.rs. 2026-11-23 is a Monday; in November Lisbon has the time of UTC.
it.each([
  [EVERY, "2026-11-23T21:59:00Z", undefined],
  [EVERY, "2026-11-23T22:00:00Z", "2026-11-24T07:00Z"],
  [EVERY, "2026-11-24T06:59:59Z", "2026-11-24T07:00Z"],
  [EVERY, "2026-11-24T07:00:00Z", undefined],
  [[0], "2026-11-23T03:00:00Z", undefined],
  [[0], "2026-11-24T03:00:00Z", "2026-11-24T07:00Z"],
  [[6], "2026-11-23T03:00:00Z", "2026-11-23T07:00Z"],
])("on the nights of %j at %s it ends at %s", (days, at, until) => {
  expect(end(hours("Europe/Lisbon", days, EVENING, SEVEN), at)).toBe(until);
});

it("goes by the clock where I live", () => {
  const night = hours("America/New_York", EVERY, EVENING, SEVEN);
  expect(end(night, "2026-11-24T02:59:00Z")).toBeUndefined();
  expect(end(night, "2026-11-24T03:00:00Z")).toBe("2026-11-24T12:00Z");
});

it("takes the same time twice for a whole day, and days that touch for one time", () => {
  expect(end(hours("Europe/Lisbon", [0], 0, 0), "2026-11-23T12:00:00Z")).toBe("2026-11-24T00:00Z");
  expect(end(hours("Europe/Lisbon", [0, 1], 0, 0), "2026-11-23T12:00:00Z")).toBe("2026-11-25T00:00Z");
  expect(quietAt(hours("Europe/Lisbon", EVERY, 0, 0), new Date())?.forever).toBe(true);
});

it("lets a snooze go on into the night", () => {
  const night = { ...hours("Europe/Lisbon", EVERY, EVENING, SEVEN), until: "2026-11-23T23:00:00Z" };
  expect(end(night, "2026-11-23T12:00:00Z")).toBe("2026-11-24T07:00Z");
  const short = { ...night, until: "2026-11-23T13:00:00Z" };
  expect(quietAt(short, new Date("2026-11-23T12:00:00Z"))).toMatchObject({ snoozed: true, forever: false });
  expect(end(short, "2026-11-23T13:00:00Z")).toBeUndefined();
  expect(quietAt({ ...short, until: FOREVER }, new Date())?.forever).toBe(true);
});

it("knows which morning is meant by tomorrow", () => {
  const morning = (at: string) => {
    const day = tomorrowMorning(new Date(at));
    return `${day.getDate()} ${day.getHours()}`;
  };
  expect(morning("2026-11-23T12:00:00")).toBe("24 8");
  expect(morning("2026-11-23T01:00:00")).toBe("23 8");
  expect(morning("2026-11-23T05:00:00")).toBe("24 8");
  expect(morning("2026-11-30T23:00:00")).toBe("1 8");
});
