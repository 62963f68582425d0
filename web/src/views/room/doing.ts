// All that is needed to do something with a message, in one piece.
export { actOf } from "./acts";
export { chip } from "./chip";
export { refusal } from "./react.svelte";
export { default as Tools } from "./Tools.svelte";
