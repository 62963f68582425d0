import type { Attachment } from "svelte/attachments";
import { place } from "./place";
import "./tip.css";

const DELAY = 500;
let box: HTMLElement | undefined;
let timer = 0;

/**
 * A word about a picture-only button, on hover and on keyboard focus. One box serves the whole page; it repeats what
 * aria-label says, so it is hidden from screen readers. Escape takes it away (WCAG 1.4.13).
 */
export function tip(text: () => string): Attachment<HTMLElement> {
  return (node) => {
    const show = () => {
      if (!node.isConnected) return;
      box ??= make();
      box.textContent = text();
      // inside an open dialog the box must lie in the dialog's layer
      (node.closest("dialog") ?? document.body).append(box);
      box.showPopover();
      place(box, node.getBoundingClientRect(), "below");
      centre(box, node.getBoundingClientRect());
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
    node.addEventListener("pointerenter", enter);
    node.addEventListener("pointerleave", hide);
    node.addEventListener("pointerdown", hide);
    node.addEventListener("focus", focus);
    node.addEventListener("blur", hide);
    node.addEventListener("keydown", key);
    return () => {
      hide();
      node.removeEventListener("pointerenter", enter);
      node.removeEventListener("pointerleave", hide);
      node.removeEventListener("pointerdown", hide);
      node.removeEventListener("focus", focus);
      node.removeEventListener("blur", hide);
      node.removeEventListener("keydown", key);
    };
  };
}

function make(): HTMLElement {
  const made = document.createElement("div");
  made.popover = "manual";
  made.className = "tip";
  made.ariaHidden = "true";
  return made;
}

function later(show: () => void): void {
  clearTimeout(timer);
  timer = window.setTimeout(show, DELAY);
}

function hide(): void {
  clearTimeout(timer);
  if (box?.matches(":popover-open")) box.hidePopover();
}

function centre(it: HTMLElement, by: DOMRect): void {
  const left = by.left + by.width / 2 - it.offsetWidth / 2;
  it.style.setProperty("left", `${Math.max(8, Math.min(left, window.innerWidth - it.offsetWidth - 8))}px`);
}
