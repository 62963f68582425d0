import { plural } from "./plural";

const UNITS = ["kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** 740 bytes, 1.4 kB, 48 kB: the same wherever a file is told. */
export function size(bytes: number): string {
  if (bytes < 1000) return plural(bytes, { one: "{n} byte", other: "{n} bytes" });
  let value = bytes / 1000;
  let step = 0;
  // From 999.5 on it would be written as 1,000.
  for (; value >= 999.5 && step < UNITS.length - 1; step += 1) value /= 1000;
  return new Intl.NumberFormat("en", {
    style: "unit",
    unit: UNITS[step]!,
    unitDisplay: "short",
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}
