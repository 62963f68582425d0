// All that the composer needs for files and the voice, in one piece that comes with the first of them.
export { default as Above } from "./Above.svelte";
export { default as Drop } from "./Drop.svelte";
export { voices } from "./voices";
