// A text where it is only hinted at, in a notification or a quote: without the signs of its markup, and with what is covered
// still covered.

const COVER = "▒▒▒▒";
const PLACES: [RegExp, string][] = [
  [/^ {0,3}(?:`{3,}|~{3,}).*$\n?/gm, ""],
  [/\|\|(?=\S)[^\n]*?\S?\|\|/g, COVER],
  [/^\|?[ :|-]*-{3,}[ :|-]*\|?$\n?/gm, ""],
  [/^ {0,3}(?:> ?)+/gm, ""],
  [/^ {0,3}#{1,6} /gm, ""],
  [/^(\s*)[-*+] \[[ xX]\] /gm, "$1"],
  [/\[([^[\]\n]+)\]\([^()\s]+\)/g, "$1"],
  [/(?<![*\\])\*{1,3}(?=[^\s*])([^*\n]+?)(?<![\s\\])\*{1,3}(?!\*)/g, "$1"],
  [/(?<![\w*\\])_{1,3}(?=[^\s_])([^_\n]+?)(?<![\s\\])_{1,3}(?!\w)/g, "$1"],
  [/~~(?=\S)([^~\n]+?)~~/g, "$1"],
  [/`([^`\n]+)`/g, "$1"],
];
/** Nobody reads more of it. */
const LONGEST = 2000;

export function glance(text: string): string {
  return PLACES.reduce((now, [pattern, put]) => now.replace(pattern, put), text.slice(0, LONGEST)).trim();
}
