import temml from "temml";
import "temml/dist/Temml-Local.css";

/** A formula of a conversation is shorter. */
const LONGEST = 2000;
/** Elements: more would be felt while they are drawn. */
const MOST = 1500;
// A macro can make one letter a million; no formula in a conversation needs one of its own.
const MACROS =
  /\\(?:[egx]?def|(?:re|provide)?newcommand|renewcommand|let|futurelet|global|long|expandafter)\b/;

/** The formula as an element, or nothing where it is not TeX that we draw: then its source is shown. */
export function draw(tex: string, block: boolean): Element | undefined {
  if (tex.length > LONGEST || MACROS.test(tex)) return undefined;
  try {
    // Nodes, not markup: the page's policy allows no other way. `trust` off: no links, pictures or classes out of a formula.
    const tree = temml.__renderToMathMLTree(tex.trim(), {
      displayMode: block,
      throwOnError: true,
      trust: false,
      maxSize: [20, 200],
      maxExpand: 200,
    });
    const node: Element = tree.toNode();
    const parts = node.querySelectorAll<MathMLElement>("*");
    if (parts.length > MOST) return undefined;
    // Colours are ours, in every theme: one of somebody's own could hide what the formula says.
    for (const part of parts)
      for (const name of ["color", "background-color"]) part.style.removeProperty(name);
    return node;
  } catch {
    return undefined;
  }
}
