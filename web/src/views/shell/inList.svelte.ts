// The list at the side shows the row of what is open, whichever way one came there. Only then: where one has scrolled to since stays.
import { tick } from "svelte";
import { rooms } from "../../state/rooms.svelte";

export function showOpen(): void {
  $effect.root(() => {
    $effect(() => {
      if (rooms.openId === null) return;
      void tick().then(() =>
        document.querySelector("#rooms [aria-current]")?.scrollIntoView({ block: "nearest" }),
      );
    });
  });
}
