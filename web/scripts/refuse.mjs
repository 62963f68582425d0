// What no source file may hold: ways of putting markup into the page that go around the framework's escaping, and
// `style="…"`, which the page's policy would block anyway. The policy stops them in the browser; this stops them in review.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const REFUSED = [
  [/\{@html/, "{@html} goes around escaping"],
  [/\b(inner|outer)HTML\b/, "write text, or build nodes"],
  [/\binsertAdjacentHTML\b|\bdocument\.write\b|\bcreateContextualFragment\b/, "write text, or build nodes"],
  [/\bsrcdoc\b|\bnew Function\b|\beval\(/, "code out of text"],
  [/<[^>]*\sstyle="/, 'style="…" is blocked by the policy: use a class or style:name={…}'],
  [/\b(margin|padding|border)-(left|right)\b|\btext-align:\s*(left|right)\b/, "use logical properties"],
];

let found = 0;
const files = readdirSync("src", { recursive: true }).filter(
  // Tests hold what others write, to show what becomes of it.
  (f) => /\.(svelte|ts|css)$/.test(f) && !/\.(gen|test)\./.test(f),
);
for (const file of [...files.map((f) => join("src", f)), "index.html"]) {
  readFileSync(file, "utf8")
    .split("\n")
    .forEach((line, i) => {
      for (const [pattern, why] of REFUSED) {
        if (!pattern.test(line)) continue;
        console.error(`${file}:${i + 1}: ${why}\n    ${line.trim()}`);
        found += 1;
      }
    });
}
process.exit(found > 0 ? 1 : 0);
