import { place } from "./place";
import "./tip.css";

// The one box of all tips. Not part of the first screen: nobody rests on a button in the first half second.
let box: HTMLElement | undefined;

export function show(node: HTMLElement, text: string): void {
  box ??= make();
  box.textContent = text;
  // inside an open dialog the box must lie in the dialog's layer
  (node.closest("dialog") ?? document.body).append(box);
  box.showPopover();
  place(box, node.getBoundingClientRect(), "below");
  centre(box, node.getBoundingClientRect());
}

export function hide(): void {
  if (box?.matches(":popover-open")) box.hidePopover();
}

function make(): HTMLElement {
  const made = document.createElement("div");
  made.popover = "manual";
  made.className = "tip";
  made.ariaHidden = "true";
  return made;
}

function centre(it: HTMLElement, by: DOMRect): void {
  const left = by.left + by.width / 2 - it.offsetWidth / 2;
  it.style.setProperty("left", `${Math.max(8, Math.min(left, window.innerWidth - it.offsetWidth - 8))}px`);
}
