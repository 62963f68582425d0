// How large pictures stand in the log, known before a byte of them is loaded. Lengths are in rem, so that they grow with
// the reader's own size of letters; a narrower bubble shrinks them as a whole, since every box keeps its ratio.

/** What is known of a picture: pixels, where they are known. */
export type Sized = { width?: number; height?: number };
export type Box = {
  /** Its width, where there is room for it. */
  inline: number;
  /** Width by height. */
  ratio: number;
  /** The picture has another shape, or fewer pixels, than its box. */
  fit: "cover" | "scale-down";
};
export type Cell = {
  /** Which of the pictures. */
  at: number;
  ratio: number;
  /** Its part of the row's width. */
  part: number;
};
export type Mosaic = { inline: number; rows: Cell[][]; more: number };

const PIXELS = 16;
const WIDEST = 28;
const HIGHEST = 22;
const LEAST = { inline: 7.5, block: 4 };
/** A picture of which nothing is known, such as a film of an unknown size. */
const UNKNOWN = 16 / 9;
/** More than these are a number on the last one. */
export const MOST = 6;

const ratioOf = ({ width, height }: Sized) => (width && height ? width / height : UNKNOWN);
const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** One picture alone: never larger than it is, never too small to be pressed. */
export function alone(file: Sized): Box {
  const ratio = ratioOf(file);
  const own = file.width ? file.width / PIXELS : WIDEST;
  const inline = Math.min(own, WIDEST, HIGHEST * ratio);
  const block = inline / ratio;
  if (inline >= LEAST.inline && block >= LEAST.block) return { inline, ratio, fit: "cover" };
  const box = { inline: Math.max(inline, LEAST.inline), block: Math.max(block, LEAST.block) };
  // A long strip fills its box and is cut; a tiny one stands in the middle of it.
  const fills = own >= box.inline && own / ratio >= box.block;
  return { inline: box.inline, ratio: box.inline / box.block, fit: fills ? "cover" : "scale-down" };
}

/** How rows can be made of so many: 5 is 2 + 3, 3 + 2, 1 + 2 + 2 … */
function ways(count: number): number[][] {
  if (count === 0) return [[]];
  return [1, 2, 3].filter((n) => n <= count).flatMap((n) => ways(count - n).map((rest) => [n, ...rest]));
}

/** Several: rows of one width, each as high as its pictures' shapes ask; that way which comes nearest to a calm block. */
export function mosaic(files: readonly Sized[]): Mosaic {
  const shown = files.slice(0, MOST);
  const ratios = shown.map((file) => clamp(ratioOf(file), 0.66, 1.9));
  let best: { cost: number; rows: Cell[][]; block: number } | undefined;
  for (const way of ways(shown.length)) {
    let from = 0;
    const heights: number[] = [];
    const rows = way.map((n) => {
      const row = ratios.slice(from, from + n);
      const sum = row.reduce((a, b) => a + b, 0);
      heights.push(WIDEST / sum);
      const cells = row.map((ratio, i) => ({ at: from + i, ratio, part: ratio / sum }));
      from += n;
      return cells;
    });
    const block = heights.reduce((a, b) => a + b, 0);
    const spread = Math.max(...heights) - Math.min(...heights);
    // One alone in its row is loud, unless it opens.
    const lonely = way.filter((n, i) => n === 1 && i > 0).length;
    const cost = Math.abs(block - 18) + spread * 0.7 + lonely * 4;
    if (!best || cost < best.cost) best = { cost, rows, block };
  }
  const { rows, block } = best!;
  return {
    inline: Math.min(WIDEST, (WIDEST * HIGHEST * 1.1) / block),
    rows,
    more: files.length - shown.length,
  };
}
