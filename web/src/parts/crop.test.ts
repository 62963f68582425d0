import { expect, it } from "vitest";
import { held, moved, range, sideOf, sliderOf, whole, zoomed } from "./crop";

const wide = { width: 800, height: 400 };
const small = { width: 20, height: 40 };

it("begins with as much as there is", () => {
  expect(whole(wide, false)).toEqual({ x: 400, y: 200, side: 400 });
  expect(whole(wide, true)).toEqual({ x: 400, y: 200, side: 800 });
});

it("goes in eight times, but never to a blur", () => {
  expect(range({ width: 4000, height: 3000 }, false)).toEqual({ least: 375, most: 3000 });
  expect(range(wide, false)).toEqual({ least: 50, most: 400 });
  // smaller than the least: there is one size only
  expect(range(small, false)).toEqual({ least: 20, most: 20 });
});

it("stays on the picture however far it is dragged", () => {
  let piece = whole(wide, false);
  expect(moved(piece, 0.25, 0.25, wide, false)).toEqual({ x: 300, y: 200, side: 400 });
  piece = moved(piece, -9, 9, wide, false);
  expect(piece).toEqual({ x: 600, y: 200, side: 400 });
  expect(held({ x: -50, y: 999, side: 100 }, wide, false)).toEqual({ x: 50, y: 350, side: 100 });
});

it("lies in the middle where it is smaller than the window", () => {
  expect(moved(whole(wide, true), 0.3, 0.3, wide, true)).toEqual({ x: 400, y: 200, side: 800 });
  // higher than the picture, narrower than it: it moves one way only
  expect(moved({ x: 400, y: 200, side: 500 }, 0.1, 0.1, wide, true)).toEqual({ x: 350, y: 200, side: 500 });
});

it("keeps under the finger what is there", () => {
  const before = { x: 400, y: 200, side: 400 };
  const at = { x: 0.25, y: -0.25 };
  const after = zoomed(before, 200, wide, false, at);
  const under = ({ x, y, side }: typeof before) => [x + at.x * side, y + at.y * side];
  expect(under(after)).toEqual(under(before));
  expect(zoomed(before, 1, wide, false).side).toBe(50);
  expect(zoomed(before, 9999, wide, false)).toEqual(before);
});

it("has a slider whose ends are the whole and the deepest", () => {
  expect(sliderOf(400, wide, false)).toBe(0);
  expect(sliderOf(50, wide, false)).toBeCloseTo(100);
  for (const at of [0, 30, 50, 100]) expect(sliderOf(sideOf(at, wide, false), wide, false)).toBeCloseTo(at);
  expect(sliderOf(20, small, false)).toBe(0);
  expect(sideOf(70, small, false)).toBe(20);
});
