// The keys that nobody presses in the first second.
import { paths, router } from "../../lib/router.svelte";
import { rooms } from "../../state/rooms.svelte";
import { ui } from "../../state/ui.svelte";
import { allRead } from "./allRead";

export { allRead };

export function further(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || ui.dialog !== null) return;
  if (event.key === "Escape" && event.shiftKey) void allRead();
  else if (event.key === "F6") nextPart(event.shiftKey ? -1 : 1);
  else if (event.altKey && !event.ctrlKey && !event.metaKey && /^Arrow(Up|Down)$/.test(event.key))
    step(event.key === "ArrowUp" ? -1 : 1);
  else return;
  event.preventDefault();
}

/** To the room before or after the open one, in the order of the sidebar. */
function step(by: number): void {
  const lit = new Set(rooms.unreadFirst);
  const order = [...lit, ...[...rooms.named, ...rooms.direct].filter((room) => !lit.has(room))];
  const at = order.findIndex((room) => room.id === rooms.openId);
  const next = order[(at + by + order.length) % order.length];
  if (next) router.go(paths.room(next.id));
}

/** The list, the conversation, the panel: where one writes or chooses in it. */
function nextPart(by: number): void {
  const parts = ["#rooms", "main", "aside"].flatMap((one) => document.querySelector<HTMLElement>(one) ?? []);
  const at = parts.findIndex((part) => part.contains(document.activeElement));
  const part = parts[(at + by + parts.length) % parts.length];
  const first = part?.querySelector<HTMLElement>(
    'textarea, [aria-current="page"], input, a[href], button:not([tabindex="-1"])',
  );
  (first ?? part)?.focus();
}
