import { expect, test } from "vitest";
import { extended, toggled } from "./selecting";

const all = [2, 4, 5, 9];

test("a press chooses one more, or one fewer", () => {
  expect(toggled(new Set([2]), 4)).toEqual(new Set([2, 4]));
  expect(toggled(new Set([2, 4]), 2)).toEqual(new Set([4]));
});

test("Shift chooses all on the way, upwards as well, and keeps what was chosen", () => {
  expect(extended(new Set([2]), all, 4, 9)).toEqual(new Set([2, 4, 5, 9]));
  expect(extended(new Set([9]), all, 9, 4)).toEqual(new Set([4, 5, 9]));
  expect(extended(new Set(), all, null, 5)).toEqual(new Set([5]));
});
