// A long press, as by a finger; and what stands for it elsewhere: the right button, the key for menus.
import type { Attachment } from "svelte/attachments";

const LONG = 450;
/** A finger that moves farther scrolls. */
const SLIPS = 10;

export function held(act: (event: Event) => void): Attachment<HTMLElement> {
  return (node) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let from = { x: 0, y: 0 };
    let done = false;
    const stop = () => clearTimeout(timer);
    const down = (event: PointerEvent) => {
      done = false;
      stop();
      if (event.pointerType === "mouse") return;
      from = { x: event.clientX, y: event.clientY };
      timer = setTimeout(() => {
        done = true;
        act(event);
      }, LONG);
    };
    const move = (event: PointerEvent) => {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > SLIPS) stop();
    };
    const menu = (event: Event) => {
      event.preventDefault();
      event.stopPropagation();
      stop();
      if (!done) act(event);
      done = (event as PointerEvent).pointerType === "touch";
    };
    // The press is over, and was no press.
    const click = (event: Event) => {
      if (done) {
        event.preventDefault();
        event.stopPropagation();
      }
      done = false;
    };
    const on = {
      pointerdown: down,
      pointermove: move,
      pointerup: stop,
      pointercancel: stop,
      contextmenu: menu,
    };
    for (const [name, listen] of Object.entries(on)) node.addEventListener(name, listen as EventListener);
    node.addEventListener("click", click, true);
    return () => {
      stop();
      for (const [name, listen] of Object.entries(on))
        node.removeEventListener(name, listen as EventListener);
      node.removeEventListener("click", click, true);
    };
  };
}
