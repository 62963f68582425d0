import { expect, test } from "vitest";
import { Zoom } from "./zoom.svelte";

function zoom() {
  const zoom = new Zoom();
  zoom.room = { width: 1000, height: 800 };
  zoom.size = { width: 1000, height: 600 };
  return zoom;
}

test("what is under the finger stays under it", () => {
  const it = zoom();
  it.by(2, { x: 100, y: 50 });
  // A point p of the picture lies at x + p * scale: 100 was at 100.
  expect(it.x + 100 * it.scale).toBeCloseTo(100);
  expect(it.y + 50 * it.scale).toBeCloseTo(50);
});

test("a picture that fits is never moved away", () => {
  const it = zoom();
  it.move({ x: 400, y: -300 });
  expect(it.x).toBeCloseTo(0);
  expect(it.y).toBeCloseTo(0);
});

test("it can be moved to its edges and no further", () => {
  const it = zoom();
  it.by(2);
  it.move({ x: 9999, y: 9999 });
  expect([it.x, it.y]).toEqual([500, 200]);
});

test("out is never smaller than the window, in never without end", () => {
  const it = zoom();
  it.out();
  expect(it.scale).toBe(1);
  for (let i = 0; i < 30; i += 1) it.in();
  expect(it.scale).toBe(12);
  it.toggle({ x: 0, y: 0 }, 3);
  expect(it.zoomed).toBe(false);
  it.toggle({ x: 0, y: 0 }, 3);
  expect(it.scale).toBe(3);
});
