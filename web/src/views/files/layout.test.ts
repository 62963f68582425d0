import { describe, expect, test } from "vitest";
import { alone, mosaic } from "./layout";

describe("one picture", () => {
  // [width, height] of the picture; width and height of its box in rem
  test.each([
    [4000, 3000, 28, 21],
    [3000, 4000, 16.5, 22],
    [320, 240, 20, 15],
    [4000, 1000, 28, 7],
  ])("%d × %d keeps its shape", (width, height, inline, block) => {
    const box = alone({ width, height });
    expect(box.inline).toBeCloseTo(inline);
    expect(box.inline / box.ratio).toBeCloseTo(block);
    expect(box.fit).toBe("cover");
  });
  test("a tiny one stands in a box that a finger can press", () => {
    const box = alone({ width: 16, height: 16 });
    expect(box.fit).toBe("scale-down");
    expect(box.inline).toBeGreaterThanOrEqual(7.5);
    expect(box.inline / box.ratio).toBeGreaterThanOrEqual(4);
  });
  test("a strip is cut, not drawn as a thread", () => {
    const tall = alone({ width: 800, height: 12_000 });
    expect([tall.inline, tall.inline / tall.ratio, tall.fit]).toEqual([7.5, 22, "cover"]);
    const wide = alone({ width: 12_000, height: 300 });
    expect([wide.inline, wide.inline / wide.ratio, wide.fit]).toEqual([28, 4, "cover"]);
  });
  test("of which nothing is known has the shape of a film", () => {
    expect(alone({})).toEqual({ inline: 28, ratio: 16 / 9, fit: "cover" });
  });
});

describe("several", () => {
  const wide = { width: 1600, height: 1200 };
  const tall = { width: 1200, height: 1600 };
  const shape = (files: { width: number; height: number }[]) => mosaic(files).rows.map((row) => row.length);

  test.each([
    [[wide, wide], [2]],
    [[tall, tall], [2]],
    [
      [wide, wide, wide, wide],
      [2, 2],
    ],
    [[tall, tall, tall], [3]],
    [Array(6).fill(wide), [3, 3]],
  ])("%j", (files, rows) => expect(shape(files)).toEqual(rows));

  test.each([2, 3, 4, 5, 6, 7, 40])(
    "%d pictures: each row is full and the whole no higher than the screen",
    (n) => {
      for (const file of [wide, tall, { width: 9000, height: 200 }]) {
        const { rows, inline, more } = mosaic(Array(n).fill(file));
        expect(rows.flat().map((cell) => cell.at)).toEqual([...Array(Math.min(n, 6)).keys()]);
        expect(more).toBe(Math.max(0, n - 6));
        let block = 0;
        for (const row of rows) {
          expect(row.reduce((sum, cell) => sum + cell.part, 0)).toBeCloseTo(1);
          block += inline / row.reduce((sum, cell) => sum + cell.ratio, 0);
        }
        expect(inline).toBeLessThanOrEqual(28);
        expect(block).toBeLessThanOrEqual(26);
      }
    },
  );
});
