// Cuts the icons that the client uses out of lucide-static (ISC) into one sprite. Run by `npm run icons` after a name
// is added below; the sprite is committed, so that a build needs no icon package.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const NAMES =
  `archive archive-restore arrow-down arrow-up arrow-left at-sign ban bell bell-off bell-ring check
  chevron-down chevron-left chevron-right circle-alert clock contrast copy crown door-open ellipsis eye eye-off flag
  globe hand-heart heart history house image info keyboard key-round leaf lightbulb link list lock log-out mail-open
  message-square monitor moon palette paperclip pencil pin plane plus reply rotate-cw search send settings-2 shield
  smile sun trash-2 trophy user user-minus user-plus users utensils volume-2 volume-x wifi-off x`
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
