/**
 * Puts a box of the top layer beside what it belongs to, inside the window: below if there is room, else above;
 * starting at its start edge if there is room, else ending at its end. CSS anchors do this where they exist, which is
 * not yet everywhere.
 */
export function place(
  box: HTMLElement,
  by: DOMRect,
  side: "below" | "above" = "below",
  edge: "start" | "end" = "start",
): void {
  const gap = 6;
  const margin = 8;
  const { offsetWidth: width, offsetHeight: height } = box;
  const { innerWidth, innerHeight } = window;
  const rtl = getComputedStyle(box).direction === "rtl";
  const below = by.bottom + gap;
  const above = by.top - gap - height;
  const fitsBelow = below + height <= innerHeight - margin;
  const wantsBelow = side === "below" ? fitsBelow || above < margin : above < margin && fitsBelow;
  const x = (edge === "start") !== rtl ? by.left : by.right - width;
  box.style.setProperty(
    "top",
    `${clamp(wantsBelow ? below : above, margin, innerHeight - height - margin)}px`,
  );
  box.style.setProperty("left", `${clamp(x, margin, innerWidth - width - margin)}px`);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
