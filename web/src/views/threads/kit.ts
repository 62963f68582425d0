// All that shows a thread below its message, in one piece.

export { default as InPlace } from "./InPlace.svelte";
export { open, openReply, reply } from "./open";
export { default as Summary } from "./Summary.svelte";
