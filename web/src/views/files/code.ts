// Everything that shows files, in one piece: what is fetched when the first of them is met.
import { showing } from "../../words/en/showing";

export { glance } from "../../lib/glance";
export { default } from "./Attachments.svelte";
export { default as Over } from "./Over.svelte";
export { prepare } from "./quotes.svelte";
export const { summary } = showing;
