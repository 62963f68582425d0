// Makes parts/emoji.gen.json out of emojibase-data (MIT): one short row an emoji, in the order of Unicode's own charts.
// Run by `npm run emoji` when a new Unicode is out; the file is committed and served by ourselves.
// A row is [emoji, label, short names, keywords, tones]; tones: absent = none, 1 = the tone goes after the first
// code point, or the five sequences themselves where Unicode has it otherwise.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const all = require("emojibase-data/en/data.json");
const github = require("emojibase-data/en/shortcodes/github.json");
const plain = require("emojibase-data/en/shortcodes/emojibase.json");

// emojibase's numbers for Unicode's groups; 2 holds bare skin tones and hair, which nobody sends alone
const GROUPS = [
  ["smileys", 0],
  ["people", 1],
  ["nature", 3],
  ["food", 4],
  ["travel", 5],
  ["activities", 6],
  ["objects", 7],
  ["symbols", 8],
  ["flags", 9],
];
const TONES = ["\u{1F3FB}", "\u{1F3FC}", "\u{1F3FD}", "\u{1F3FE}", "\u{1F3FF}"];
const NEWEST = 16; // a newer emoji is an empty box on most machines

const list = (codes) => (codes === undefined ? [] : [codes].flat());

function tonesOf(row) {
  const skins = TONES.map((_, i) => row.skins?.find((s) => [s.tone].flat().every((t) => t === i + 1)));
  if (!skins.every(Boolean)) return undefined;
  const [first, ...rest] = [...row.emoji];
  const byRule = TONES.map((tone) => first + tone + rest.join("").replace(/^\uFE0F/, ""));
  const real = skins.map((s) => s.emoji);
  return real.every((e, i) => e === byRule[i]) ? 1 : real;
}

const groups = GROUPS.map(([id, number]) => {
  const rows = all
    .filter((row) => row.group === number && row.version <= NEWEST)
    .sort((a, b) => a.order - b.order)
    .map((row) => {
      const names = [...new Set([...list(github[row.hexcode]), ...list(plain[row.hexcode])])];
      const known = new Set([...row.label.toLowerCase().split(/\W+/), ...names.flatMap((n) => n.split("_"))]);
      const keywords = (row.tags ?? []).filter((tag) => !known.has(tag));
      const tones = tonesOf(row);
      const out = [row.emoji, row.label, names.join(" "), keywords.join(" ")];
      if (tones) out.push(tones);
      return out;
    });
  return { id, rows };
});
const text = groups
  .map((g) => `{"id":"${g.id}","rows":[\n${g.rows.map((r) => JSON.stringify(r)).join(",\n")}\n]}`)
  .join(",\n");
writeFileSync(new URL("../src/parts/emoji.gen.json", import.meta.url), `[${text}]\n`);
