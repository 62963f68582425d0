// Whether somebody sits before this tab: not when it is hidden, nor after five minutes without a stroke or a move.
const AFTER = 5 * 60_000;

export function watchIdle(away: (away: boolean) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  const look = () => {
    clearTimeout(timer);
    const hidden = document.visibilityState !== "visible";
    const left = last + AFTER - Date.now();
    away(hidden || left <= 0);
    if (!hidden && left > 0) timer = setTimeout(look, left);
  };
  const here = () => {
    const now = Date.now();
    // Moves come by the hundred; one in ten seconds is enough, unless it ends an absence.
    const idle = now - last >= AFTER;
    if (!idle && now - last < 10_000) return;
    last = now;
    look();
  };
  for (const kind of ["pointermove", "pointerdown", "keydown", "wheel", "touchstart", "focus"]) {
    addEventListener(kind, here, { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") last = Date.now();
    look();
  });
  here();
}
