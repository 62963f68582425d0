// My own words in what others write. Whole words, whatever their case.

/** Finds any of them; undefined where there are none. */
export function finder(keywords: readonly string[]): RegExp | undefined {
  const words = keywords
    .filter((word) => word.trim())
    .map((word) => word.trim().replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  if (words.length === 0) return undefined;
  // The longest first: of "art" and "art class" the latter is meant where both begin.
  words.sort((a, b) => b.length - a.length);
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})(?![\\p{L}\\p{N}])`, "giu");
}
