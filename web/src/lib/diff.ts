// What changed between two texts, by words: the fewest that came and went.

export type Piece = { kind: "same" | "new" | "gone"; text: string };

/** Above so many pairs of words a comparison takes longer than one waits: the middle counts as changed as a whole. */
const MOST = 1_000_000;

const wordsOf = (text: string): string[] => text.match(/\s+|[\p{L}\p{N}_'’-]+|[^\s\p{L}\p{N}]/gu) ?? [];

export function diff(before: string, now: string): Piece[] {
  const old = wordsOf(before);
  const next = wordsOf(now);
  let from = 0;
  while (from < old.length && old[from] === next[from]) from += 1;
  let end = 0;
  while (
    end < Math.min(old.length, next.length) - from &&
    old[old.length - 1 - end] === next[next.length - 1 - end]
  )
    end += 1;
  const pieces: Piece[] = [];
  const put = (kind: Piece["kind"], text: string) => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += text;
    else if (text) pieces.push({ kind, text });
  };
  put("same", old.slice(0, from).join(""));
  middle(old.slice(from, old.length - end), next.slice(from, next.length - end), put);
  put("same", end > 0 ? old.slice(-end).join("") : "");
  return pieces;
}

function middle(old: string[], next: string[], put: (kind: Piece["kind"], text: string) => void): void {
  const wide = next.length + 1;
  if (old.length * next.length > MOST) {
    put("gone", old.join(""));
    put("new", next.join(""));
    return;
  }
  // How many words the rests have in common, from each place of both on.
  const common = new Uint32Array((old.length + 1) * wide);
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = next.length - 1; j >= 0; j -= 1)
      common[i * wide + j] =
        old[i] === next[j]
          ? common[(i + 1) * wide + j + 1]! + 1
          : Math.max(common[(i + 1) * wide + j]!, common[i * wide + j + 1]!);
  let i = 0;
  let j = 0;
  while (i < old.length || j < next.length) {
    if (i < old.length && j < next.length && old[i] === next[j]) {
      put("same", old[i]!);
      i += 1;
      j += 1;
    } else if (
      j >= next.length ||
      (i < old.length && common[(i + 1) * wide + j]! >= common[i * wide + j + 1]!)
    ) {
      put("gone", old[i]!);
      i += 1;
    } else {
      put("new", next[j]!);
      j += 1;
    }
  }
}
