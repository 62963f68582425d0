// What is before my eyes, in this tab and in the others.
import { rooms } from "../state/rooms.svelte";
import { Tabs } from "./tabs";

export const tabs = new Tabs();

function look(): void {
  const visible = document.visibilityState === "visible" && document.hasFocus();
  tabs.sees({ visible, room: rooms.openId });
}

for (const kind of ["focus", "blur"]) addEventListener(kind, look);
document.addEventListener("visibilitychange", look);
$effect.root(() => {
  $effect(look);
});
