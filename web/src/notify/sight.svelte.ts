// What is before my eyes, in this tab and in the others.
import { looking } from "../lib/looking";
import { rooms } from "../state/rooms.svelte";
import { Tabs } from "./tabs";

export const tabs = new Tabs();

function look(): void {
  const visible = looking();
  tabs.sees({ visible, room: rooms.openId });
}

for (const kind of ["focus", "blur"]) addEventListener(kind, look);
document.addEventListener("visibilitychange", look);
$effect.root(() => {
  $effect(look);
});
