// Which language a file is in, by the end of its name. The names are highlight.js' own.

const ENDINGS: Record<string, string> = {
  javascript: "js mjs cjs jsx javascript",
  typescript: "ts tsx mts",
  python: "py pyi",
  rust: "rs",
  go: "go golang",
  java: "java",
  kotlin: "kt kts",
  swift: "swift",
  c: "c h",
  cpp: "cpp cc cxx hpp hh c++",
  csharp: "cs c#",
  ruby: "rb",
  php: "php",
  bash: "sh bash zsh shell console",
  json: "json jsonc geojson webmanifest",
  yaml: "yml yaml",
  ini: "ini toml cfg conf properties",
  xml: "xml html htm svg svelte vue",
  css: "css",
  scss: "scss sass less",
  sql: "sql",
  diff: "diff patch",
  dockerfile: "dockerfile",
  makefile: "mk makefile",
  lua: "lua",
};
const BY_ENDING = new Map(
  Object.entries(ENDINGS).flatMap(([language, endings]) =>
    endings.split(" ").map((ending) => [ending, language] as const),
  ),
);

export function languageOf(name: string): string | undefined {
  const lower = name.toLowerCase();
  return BY_ENDING.get(lower.slice(lower.lastIndexOf(".") + 1));
}
export const isCode = (name: string): boolean => languageOf(name) !== undefined;

/** By the name that is written over a block of code: the language's own, or an ending. */
export const languageNamed = (name: string): string | undefined =>
  Object.hasOwn(ENDINGS, name.toLowerCase()) ? name.toLowerCase() : BY_ENDING.get(name.toLowerCase());
