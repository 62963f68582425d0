// Messages in markup, and what writes it.
import { plural } from "../plural";

/** As they are written by those who use them; others are shown as they were given. */
const LANGUAGES: Record<string, string> = {
  bash: "Bash",
  sh: "Shell",
  c: "C",
  cpp: "C++",
  csharp: "C#",
  cs: "C#",
  css: "CSS",
  go: "Go",
  html: "HTML",
  java: "Java",
  javascript: "JavaScript",
  js: "JavaScript",
  json: "JSON",
  kotlin: "Kotlin",
  lua: "Lua",
  php: "PHP",
  python: "Python",
  py: "Python",
  ruby: "Ruby",
  rb: "Ruby",
  rust: "Rust",
  rs: "Rust",
  scss: "SCSS",
  sql: "SQL",
  swift: "Swift",
  toml: "TOML",
  typescript: "TypeScript",
  ts: "TypeScript",
  xml: "XML",
  yaml: "YAML",
  yml: "YAML",
  diff: "Diff",
};
/** Also said of what is copied elsewhere. */
export const copyFailed = "The browser did not let us copy";
const language = (name: string) => LANGUAGES[name.toLowerCase()] ?? name;

export const markup = {
  language,
  code: (name: string) => (name ? `Code in ${language(name)}` : "Code"),
  copyCode: "Copy the code",
  copied: "Copied",
  showAll: (n: number) => plural(n, { one: "Show the line", other: "Show all {n} lines" }),
  spoiler: "Spoiler: press to show it",
  formula: "Formula",
  badFormula: "This is not a formula that can be drawn",
  table: "Table",
  done: "Done",
  open: "To do",
};
