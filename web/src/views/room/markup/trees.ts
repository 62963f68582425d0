// A message is read once, however often its row comes and goes: rows leave the window and return as one scrolls.
import { type Node, readMarkup } from "../../../lib/markup";

const MOST = 500;
const known = new Map<string, Node[] | undefined>();

export function treeOf(html: string): Node[] | undefined {
  if (known.has(html)) return known.get(html);
  const tree = readMarkup(html);
  // The one that was read first goes.
  if (known.size >= MOST) known.delete(known.keys().next().value!);
  known.set(html, tree);
  return tree;
}
