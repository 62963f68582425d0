// A picture of 30 bytes, made visible: the cosines of its brightness (L), of yellow against blue (P), of red against green
// (Q) and of its opacity (A), each rounded to four bits, added up again. The public algorithm of
// <https://evanw.github.io/thumbhash>; at most 32 pixels either way, which the page draws large and soft.

export type Pixels = { width: number; height: number; data: Uint8ClampedArray<ArrayBuffer> };

const LONG = 32;

/** Undefined where it is none: what a server says is looked at before it is drawn. */
export function thumbPixels(hash: string): Pixels | undefined {
  const bytes = bytesOf(hash);
  if (!bytes || bytes.length < 5) return undefined;
  const at = (i: number) => bytes[i] ?? 0;
  const first = at(0) | (at(1) << 8) | (at(2) << 16);
  const second = at(3) | (at(4) << 8);
  const alpha = first >> 23 === 1;
  const wide = second >> 15 === 1;
  const [long, short] = [alpha ? 5 : 7, second & 7];
  const [across, down] = wide ? [long, short] : [short, long];
  if (short === 0) return undefined;

  let nibble = (alpha ? 6 : 5) * 2;
  function channel(nx: number, ny: number, scale: number): number[] {
    const found: number[] = [];
    for (let cy = 0; cy < ny; cy += 1) {
      for (let cx = cy ? 0 : 1; cx * ny < nx * (ny - cy); cx += 1, nibble += 1) {
        const value = (at(nibble >> 1) >> ((nibble & 1) << 2)) & 15;
        found.push((value / 7.5 - 1) * scale);
      }
    }
    return found;
  }
  const [lx, ly] = [Math.max(3, across), Math.max(3, down)];
  const light = channel(lx, ly, ((first >> 18) & 31) / 31);
  const yellow = channel(3, 3, (((second >> 3) & 63) / 63) * 1.25);
  const red = channel(3, 3, (((second >> 9) & 63) / 63) * 1.25);
  const opaque = alpha ? channel(5, 5, (at(5) >> 4) / 15) : [];
  const mean = {
    l: (first & 63) / 63,
    p: ((first >> 6) & 63) / 31.5 - 1,
    q: ((first >> 12) & 63) / 31.5 - 1,
    a: alpha ? (at(5) & 15) / 15 : 1,
  };

  const ratio = across / down;
  const width = Math.round(ratio > 1 ? LONG : LONG * ratio);
  const height = Math.round(ratio > 1 ? LONG / ratio : LONG);
  const data = new Uint8ClampedArray(width * height * 4);
  const fx = waves(width, Math.max(lx, 5));
  const fy = waves(height, Math.max(ly, 5));
  for (let y = 0, i = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, i += 4) {
      const sum = (mean: number, parts: number[], nx: number, ny: number) => {
        let value = mean;
        for (let cy = 0, j = 0; cy < ny; cy += 1) {
          for (let cx = cy ? 0 : 1; cx * ny < nx * (ny - cy); cx += 1, j += 1)
            value += parts[j]! * fx[cx]![x]! * fy[cy]![y]! * 2;
        }
        return value;
      };
      const l = sum(mean.l, light, lx, ly);
      const p = sum(mean.p, yellow, 3, 3);
      const q = sum(mean.q, red, 3, 3);
      const b = l - (2 / 3) * p;
      const r = (3 * l - b + q) / 2;
      const a = alpha ? sum(mean.a, opaque, 5, 5) : 1;
      data.set([r * 255, (r - q) * 255, b * 255, a * 255], i);
    }
  }
  return { width, height, data };
}

const waves = (size: number, count: number): number[][] =>
  Array.from({ length: count }, (_, n) =>
    Array.from({ length: size }, (_, i) => Math.cos((Math.PI / size) * (i + 0.5) * n)),
  );

function bytesOf(hash: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(hash), (sign) => sign.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** Draws it into a canvas, which takes its size; style stretches it over its box. */
export function paintThumb(canvas: HTMLCanvasElement, hash: string): void {
  const pixels = thumbPixels(hash);
  const context = pixels && canvas.getContext("2d");
  if (!context) return;
  canvas.width = pixels.width;
  canvas.height = pixels.height;
  context.putImageData(new ImageData(pixels.data, pixels.width, pixels.height), 0, 0);
}
