// All that is needed to do something with a message, in one piece.
import { saved } from "../../state/saved.svelte";

export { actOf } from "./acts";
export { default as Check } from "./Check.svelte";
export { chip, press } from "./chip";
export { editLast } from "./editLast.svelte";
export { default as Failed } from "./Failed.svelte";
export { default as Gone } from "./Gone.svelte";
export { going } from "./going.svelte";
export { hold } from "./hold";
export { default as Marks } from "./Marks.svelte";
export { marked } from "./marked";
export { default as QuoteStrip } from "./QuoteStrip.svelte";
export { refusal } from "./react.svelte";
export { default as SelectBar } from "./SelectBar.svelte";
export { default as Tools } from "./Tools.svelte";

void saved.load();
