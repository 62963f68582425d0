// Cuts the icons that the client uses out of lucide-static (ISC) into one sprite. Run by `npm run icons` after a name
// is added below; the sprite is committed, so that a build needs no icon package.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const NAMES =
  `archive archive-restore arrow-down arrow-left arrow-right arrow-up at-sign ban bell bell-off bell-ring
  bold bookmark bookmark-check calendar camera check check-check chevron-down chevron-left chevron-right
  circle-alert circle-stop clock code contrast copy crop crown door-open download ellipsis external-link
  eye eye-off file file-archive file-code file-headphone file-text file-video-camera film flag folder-open
  forward gauge globe grip-vertical hand-heart heart history house image images info italic key-round
  keyboard leaf lightbulb link list list-ordered list-todo lock log-out mail-open maximize message-square
  messages-square mic monitor moon music palette paperclip pause pencil pin pin-off plane play plus quote
  reply rotate-ccw rotate-cw search send settings-2 shield smile smile-plus square square-check
  square-code strikethrough sun table text-quote trash-2 triangle-alert trophy type upload user user-minus
  user-plus users utensils volume-2 volume-x wifi-off x zoom-in zoom-out`
    .split(/\s+/)
    .sort();

const require = createRequire(import.meta.url);
const folder = join(dirname(require.resolve("lucide-static/package.json")), "icons");
const symbols = NAMES.map((name) => {
  const svg = readFileSync(join(folder, `${name}.svg`), "utf8");
  const inner = svg
    .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.indexOf("</svg>"))
    .replace(/\s*\n\s*/g, "")
    .replace(/ \/>/g, "/>");
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
});
const here = new URL("../src/parts/", import.meta.url);
writeFileSync(
  new URL("icons.svg", here),
  `<!-- Lucide (ISC License), cut by scripts/icons.mjs -->\n<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`,
);
writeFileSync(
  new URL("icons.gen.ts", here),
  `// Written by scripts/icons.mjs.\nexport type IconName =\n${NAMES.map((n) => `  | "${n}"`).join("\n")};\n`,
);
