import { expect, test } from "vitest";
import { thumbPixels } from "./thumbhash";

// What the algorithm's own reference program makes of them: size, three pixels (first, middle, last) and the mean of all.
const KNOWN: [string, number, number, number[], number[], number[], number[]][] = [
  [
    "1QcSHQRnh493V4dIh4eXh1h4kJUI",
    23,
    32,
    [64, 77, 113, 255],
    [140, 109, 88, 255],
    [0, 4, 39, 255],
    [86, 81, 87, 255],
  ],
  [
    "3OcRJYB4d3h/iIeHeEh3eIhw+j2w",
    32,
    23,
    [124, 136, 159, 255],
    [112, 124, 139, 255],
    [86, 99, 46, 255],
    [105, 118, 116, 255],
  ],
  [
    "YJqGPQw7sFlslqhFafSE+Q6oJ1h2iHB2Rw==",
    32,
    32,
    [228, 75, 51, 0],
    [107, 102, 109, 255],
    [255, 136, 0, 0],
    [191, 116, 78, 179],
  ],
];

test.each(KNOWN)("%s", (hash, width, height, first, middle, last, mean) => {
  const pixels = thumbPixels(hash)!;
  expect([pixels.width, pixels.height]).toEqual([width, height]);
  const pixel = (x: number, y: number) => [
    ...pixels.data.slice((y * width + x) * 4, (y * width + x) * 4 + 4),
  ];
  const sums = [0, 0, 0, 0];
  for (const [i, value] of pixels.data.entries()) sums[i % 4]! += value;
  const means = sums.map((sum) => Math.round(sum / (width * height)));
  near(pixel(0, 0), first);
  near(pixel(width >> 1, height >> 1), middle);
  near(pixel(width - 1, height - 1), last);
  near(means, mean);
});

/** The reference cuts off what we round. */
function near(got: number[], asked: number[]) {
  for (const [i, value] of got.entries())
    expect(Math.abs(value - asked[i]!), `${got} / ${asked}`).toBeLessThanOrEqual(1);
}

test.each(["", "AAAA", "AAAAAAAA", "not base64!", "/////w=="])(
  "%j is drawn by nobody, or harmlessly",
  (hash) => {
    const pixels = thumbPixels(hash);
    expect(pixels === undefined || pixels.data.length <= 32 * 32 * 4).toBe(true);
  },
);
