// Which emoji I react with, the most frequent first. What was used long ago fades.
const KEY = "parlour.reactions";
const FADES = 0.95;
const FIRST = ["👍", "❤️", "😂", "🎉", "👀", "✅", "🙏", "😮"];

export function often(most: number): string[] {
  const scores = kept();
  const mine = Object.keys(scores).sort((a, b) => scores[b]! - scores[a]!);
  return [...new Set([...mine, ...FIRST])].slice(0, most);
}

export function used(emoji: string): void {
  const scores = Object.entries(kept()).map(([one, score]): [string, number] => [one, score * FADES]);
  const next = Object.fromEntries(scores.filter(([, score]) => score > 0.1));
  next[emoji] = (next[emoji] ?? 0) + 1;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // A browser that keeps nothing offers the same ones every day.
  }
}

function kept(): Record<string, number> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const pairs = Object.entries(found as object).filter(([, score]) => typeof score === "number");
    return Object.fromEntries(pairs);
  } catch {
    return {};
  }
}
