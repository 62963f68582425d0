// All that draws markup, in one piece that comes with the first message that has some. Maths and the colours of code come
// when they are met.
import { maths } from "./maths.svelte";

export { default } from "./Markup.svelte";

/** What must be there before these can be drawn at their final size. */
export async function prepare(written: string[]): Promise<void> {
  if (written.some((html) => html.includes('class="math"'))) await maths.load();
}
