// What stands below a message that has replies, and the ways into its thread, in one piece.

export { open, openReply, reply } from "./open";
export { default as Summary } from "./Summary.svelte";
