import { paths, router } from "../../lib/router.svelte";
import { rooms } from "../../state/rooms.svelte";
import { ui } from "../../state/ui.svelte";

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** The keys that work everywhere. */
export function keys(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const command = isMac ? event.metaKey : event.ctrlKey;
  if (command && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (ui.dialog === null) ui.open({ name: "switcher" });
    else if (ui.dialog.name === "switcher") ui.close();
  } else if (event.altKey && !command && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    if (ui.dialog !== null) return;
    event.preventDefault();
    step(event.key === "ArrowUp" ? -1 : 1);
  }
}

/** To the room before or after the open one, in the order of the sidebar. */
function step(by: number): void {
  const order = sidebarOrder();
  const at = order.findIndex((room) => room.id === rooms.openId);
  const next = order[(at + by + order.length) % order.length];
  if (next) router.go(paths.room(next.id));
}

export function sidebarOrder() {
  const lit = new Set(rooms.unreadFirst);
  return [...rooms.unreadFirst, ...[...rooms.named, ...rooms.direct].filter((room) => !lit.has(room))];
}
