// What lies over the page is a step in the browser's way back: Back closes it, and leaves the page where it is.
//   const done = step(close)   it lies there now, and Back calls `close`; `done()` once it is gone, however it went
// A step on which nothing lies any more stays until one moves on: the next page takes its place (see the router), and the way
// back goes over it. Going back at once would take a moment, in which another page may be opened.
import { router } from "./router.svelte";

const over: { close: () => void }[] = [];
let depth = 0;
let at = "";

const depthOf = (state: unknown): number => (state as { over?: number } | null)?.over ?? 0;

export function step(close: () => void): () => void {
  const it = { close };
  over.push(it);
  // One may go in the same moment as another comes: that one takes its step.
  queueMicrotask(settle);
  return () => {
    const i = over.indexOf(it);
    if (i >= 0) over.splice(i, 1);
  };
}

function settle(): void {
  at = location.href;
  depth = depthOf(history.state);
  while (depth < over.length) history.pushState({ over: ++depth }, "");
}

router.steps = ({ state }) => {
  const before = depth;
  depth = depthOf(state);
  const empty = before > over.length;
  for (const it of over.splice(depth).reverse()) it.close();
  if (location.href !== at) return false;
  if (empty && depth < before) history.back();
  return true;
};

$effect.root(() => {
  $effect(() => {
    void router.moves;
    settle();
  });
});
