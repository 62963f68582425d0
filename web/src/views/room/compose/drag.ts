// Takes one of a list's elements to another place, by mouse or by finger. By finger it is held for a moment first: what
// moves at once is a scroll.
import type { Attachment } from "svelte/attachments";

type On = { move: (key: string, to: number) => void; lift: (key: string) => void };

const FAR = 6;
const HOLD = 320;

export function dragging(on: On): Attachment<HTMLElement> {
  return (list) => {
    let held: { key: string; id: number; x: number; y: number } | undefined;
    let lifted = false;
    let timer: ReturnType<typeof setTimeout> | undefined;

    function lift() {
      if (!held) return;
      lifted = true;
      on.lift(held.key);
      list.setPointerCapture(held.id);
    }
    function down(event: PointerEvent) {
      const row = (event.target as Element).closest<HTMLElement>("[data-key]");
      if (!row?.dataset.key || event.button !== 0) return;
      held = { key: row.dataset.key, id: event.pointerId, x: event.clientX, y: event.clientY };
      if (event.pointerType !== "mouse") timer = setTimeout(lift, HOLD);
    }
    function moved(event: PointerEvent) {
      if (event.pointerId !== held?.id) return;
      const far = Math.hypot(event.clientX - held.x, event.clientY - held.y) > FAR;
      if (!lifted && far && event.pointerType === "mouse") lift();
      else if (!lifted && far) return stop();
      if (lifted) place(event.clientX, event.clientY);
    }
    /** Over another one, past its middle: there. */
    function place(x: number, y: number) {
      const rows = [...list.querySelectorAll<HTMLElement>(":scope > [data-key]")];
      const at = rows.findIndex((row) => row.dataset.key === held?.key);
      const turn = list.matches(":dir(rtl)") ? -1 : 1;
      const to = rows.findIndex((row) => {
        const box = row.getBoundingClientRect();
        return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
      });
      if (to < 0 || to === at || !held) return;
      const box = rows[to]!.getBoundingClientRect();
      const past = (x - (box.left + box.width / 2)) * turn * Math.sign(to - at) > 0;
      const sameLine = Math.abs(box.top - rows[at]!.getBoundingClientRect().top) < box.height / 2;
      if (past || !sameLine) on.move(held.key, to);
    }
    function stop() {
      clearTimeout(timer);
      const was = lifted;
      held = undefined;
      lifted = false;
      if (was) on.lift("");
    }
    function up() {
      if (lifted) {
        // The press that ends a move opens nothing.
        list.addEventListener("click", swallow, { capture: true, once: true });
        setTimeout(() => list.removeEventListener("click", swallow, { capture: true }));
      }
      stop();
    }
    const swallow = (event: Event) => event.stopPropagation();
    const quiet = (event: Event) => {
      if (lifted) event.preventDefault();
    };
    const menu = (event: Event) => {
      if (held) event.preventDefault();
    };

    list.addEventListener("pointerdown", down);
    list.addEventListener("pointermove", moved);
    list.addEventListener("pointerup", up);
    list.addEventListener("pointercancel", stop);
    list.addEventListener("touchmove", quiet, { passive: false });
    list.addEventListener("contextmenu", menu);
    return () => {
      stop();
      list.removeEventListener("pointerdown", down);
      list.removeEventListener("pointermove", moved);
      list.removeEventListener("pointerup", up);
      list.removeEventListener("pointercancel", stop);
      list.removeEventListener("touchmove", quiet);
      list.removeEventListener("contextmenu", menu);
    };
  };
}
