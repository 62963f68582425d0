// Which square of a picture is cut out: pure, in the picture's own pixels. The window through which one looks is always
// as large on the screen; what changes is how much of the picture it shows.

export type Size = { width: number; height: number };
/** A square piece: its centre and its side. */
export type Piece = { x: number; y: number; side: number };

/** How far in one may go; less than so many pixels are a blur. */
const DEEPEST = 8;
const LEAST = 48;

/** `loose`: the piece may be larger than the picture, which then lies whole in the middle of it. */
export function range({ width, height }: Size, loose: boolean): { least: number; most: number } {
  const most = loose ? Math.max(width, height) : Math.min(width, height);
  return { least: Math.min(most, Math.max(most / DEEPEST, LEAST)), most };
}

/** As much as there is. */
export function whole(size: Size, loose: boolean): Piece {
  return { x: size.width / 2, y: size.height / 2, side: range(size, loose).most };
}

/** The same piece, held where there is a picture. */
export function held({ x, y, side }: Piece, size: Size, loose: boolean): Piece {
  const { least, most } = range(size, loose);
  const within = clamp(side, least, most);
  const centre = (at: number, length: number) =>
    within >= length ? length / 2 : clamp(at, within / 2, length - within / 2);
  return { x: centre(x, size.width), y: centre(y, size.height), side: within };
}

/** The picture moves by these parts of the window; the piece goes the other way. */
export function moved(piece: Piece, dx: number, dy: number, size: Size, loose: boolean): Piece {
  return held({ ...piece, x: piece.x - dx * piece.side, y: piece.y - dy * piece.side }, size, loose);
}

/** Another side. What lies under `at` (parts of the window, from its middle) stays there. */
export function zoomed(piece: Piece, side: number, size: Size, loose: boolean, at = { x: 0, y: 0 }): Piece {
  const { least, most } = range(size, loose);
  const next = clamp(side, least, most);
  const by = piece.side - next;
  return held({ x: piece.x + at.x * by, y: piece.y + at.y * by, side: next }, size, loose);
}

/** Where a slider from 0 to 100 stands: each step is as much larger as the one before. */
export function sliderOf(side: number, size: Size, loose: boolean): number {
  const { least, most } = range(size, loose);
  return least === most ? 0 : (100 * Math.log(most / side)) / Math.log(most / least);
}
export function sideOf(slider: number, size: Size, loose: boolean): number {
  const { least, most } = range(size, loose);
  return most * (least / most) ** (slider / 100);
}

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(value, high));

/** Draws the piece as a square of so many pixels. */
export async function cut(
  picture: HTMLImageElement,
  piece: Piece,
  pixels: number,
  type: "image/jpeg" | "image/png",
): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = pixels;
  const brush = canvas.getContext("2d");
  if (!brush) throw new Error("no canvas");
  if (type === "image/jpeg") {
    brush.fillStyle = "#fff"; // what is transparent would turn out black
    brush.fillRect(0, 0, pixels, pixels);
  }
  brush.imageSmoothingQuality = "high";
  const { x, y, side } = piece;
  brush.drawImage(picture, x - side / 2, y - side / 2, side, side, 0, 0, pixels, pixels);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), type, 0.9);
  });
}
