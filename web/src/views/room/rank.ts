// How well a name fits what was typed: any part of it, accents aside.
import { folded } from "../../lib/slug";

/** 0 is the whole, 1 begins it, 2 begins a word of it, 3 is somewhere in it; undefined does not fit. */
export function howFits(query: string, ...names: string[]): number | undefined {
  const asked = folded(query);
  if (!asked) return 1;
  let best: number | undefined;
  for (const name of names.map(folded)) {
    const rank = one(asked, name);
    if (rank !== undefined && rank < (best ?? 9)) best = rank;
  }
  return best;
}

function one(asked: string, name: string): number | undefined {
  if (name === asked) return 0;
  if (name.startsWith(asked)) return 1;
  const at = name.indexOf(asked);
  if (at < 0) return undefined;
  const words = name.split(/[\s,._-]+/);
  return words.some((word) => word.startsWith(asked)) || /[\s,._-]/.test(name[at - 1] ?? "") ? 2 : 3;
}

export type Ranked<T> = { it: T; fit: number /** 0 for whoever spoke last. */; spoke: number };

/** By how well it fits; among equals whoever spoke lately first, then by name. */
export function ranked<T extends { name: string }>(list: Ranked<T>[]): T[] {
  // That a letter stands at the start of the name or of a later word is the same to whoever types it.
  const grade = (n: number) => (n === 2 ? 1 : n);
  return list
    .toSorted(
      (a, b) => grade(a.fit) - grade(b.fit) || a.spoke - b.spoke || a.it.name.localeCompare(b.it.name),
    )
    .map(({ it }) => it);
}
