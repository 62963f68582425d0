// All that is needed to do something with a message, in one piece.
export { actOf } from "./acts";
export { default as Tools } from "./Tools.svelte";
