import type { Attachment } from "svelte/attachments";

const DELAY = 500;
let kit: typeof import("./tipbox") | undefined;
let timer = 0;

/**
 * A word about a picture-only button, on hover and on keyboard focus. One box serves the whole page; it repeats what
 * aria-label says, so it is hidden from screen readers. Escape takes it away (WCAG 1.4.13).
 */
export function tip(text: () => string): Attachment<HTMLElement> {
  return (node) => {
    const show = async () => {
      const wanted = timer;
      kit = await import("./tipbox");
      // Meanwhile the pointer may have gone on.
      if (wanted === timer && node.isConnected) kit.show(node, text());
    };
    const enter = (event: PointerEvent) => {
      if (event.pointerType === "mouse") later(show);
    };
    const focus = () => {
      if (node.matches(":focus-visible")) later(show);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === "Escape") hide();
    };
    const gone = new AbortController();
    const on = <K extends keyof HTMLElementEventMap>(type: K, act: (event: HTMLElementEventMap[K]) => void) =>
      node.addEventListener(type, act, gone);
    on("pointerenter", enter);
    on("pointerleave", hide);
    on("pointerdown", hide);
    on("focus", focus);
    on("blur", hide);
    on("keydown", key);
    return () => {
      hide();
      gone.abort();
    };
  };
}

function later(show: () => Promise<void>): void {
  clearTimeout(timer);
  timer = window.setTimeout(() => void show().catch(() => undefined), DELAY);
}

function hide(): void {
  clearTimeout(timer);
  timer = 0;
  kit?.hide();
}
