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
  }
}
