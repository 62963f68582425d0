// The promise of contrast, kept by a check: resolves every token of styles/tokens.css in the four themes, and fails
// when text falls below what WCAG 2.2 AA asks (7 : 1 in high contrast), a colour leaves sRGB, or the system's
// high-contrast block is no longer a copy of the one that a person can choose. Run by `npm run lint`.
import { readFileSync } from "node:fs";

const css = readFileSync(new URL("../src/styles/tokens.css", import.meta.url), "utf8").replace(
  /\/\*[\s\S]*?\*\//g,
  "",
);
const say = process.argv.includes("--all") ? console.log : () => {};

/** What every block with this selector declares, later ones winning. */
function block(selector) {
  const found = {};
  for (const [, name, body] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (name.trim() !== selector) continue;
    for (const line of body.split(";")) {
      const colon = line.indexOf(":");
      if (colon > 0) found[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
    }
  }
  return found;
}

function commas(text) {
  const out = [""];
  let depth = 0;
  for (const c of text) {
    if (c === "," && depth === 0) {
      out.push("");
      continue;
    }
    if (c === "(") depth++;
    if (c === ")") depth--;
    out[out.length - 1] += c;
  }
  return out;
}

function resolve(value, env, dark) {
  let v = value.trim();
  while (v.includes("var(")) {
    v = v.replace(/var\((--[\w-]+)\)/g, (_, name) => {
      if (!(name in env)) throw new Error(`${name} is not a token`);
      return env[name];
    });
  }
  const both = /^light-dark\(([\s\S]*)\)$/.exec(v);
  return both ? resolve(commas(both[1])[dark ? 1 : 0], env, dark) : v;
}

// OKLab to linear sRGB: Björn Ottosson, https://bottosson.github.io/posts/oklab/
function linear(L, C, H) {
  const a = C * Math.cos((H * Math.PI) / 180);
  const b = C * Math.sin((H * Math.PI) / 180);
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}
const gamma = (x) => (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055);
const ungamma = (x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);

function colour(value, under) {
  const m = /^oklch\(\s*([\d.]+) ([\d.]+) ([\d.]+)(?:\s*\/\s*([\d.]+))?\s*\)$/.exec(value);
  if (!m) throw new Error(`not a colour: ${value}`);
  const [L, C, H, A = 1] = m
    .slice(1)
    .filter((x) => x !== undefined)
    .map(Number);
  const lin = linear(L, C, H);
  let rgb = lin.map((x) => gamma(Math.min(1, Math.max(0, x))));
  if (A < 1 && under) rgb = rgb.map((x, i) => A * x + (1 - A) * under.rgb[i]);
  // a screen shows whole steps of 255
  return {
    rgb: rgb.map((x) => Math.round(x * 255) / 255),
    fits: lin.every((x) => x >= -0.002 && x <= 1.002),
  };
}
const luminance = (rgb) => 0.2126 * ungamma(rgb[0]) + 0.7152 * ungamma(rgb[1]) + 0.0722 * ungamma(rgb[2]);
function ratio(a, b) {
  const [hi, lo] = [luminance(a.rgb), luminance(b.rgb)].sort((x, y) => y - x);
  return (hi + 0.05) / (lo + 0.05);
}

const HUES = ["rose", "clay", "ochre", "olive", "fern", "teal", "blue", "violet"];
const on = (grounds, text, least) => grounds.split(" ").map((g) => [`--${text}`, `--${g}`, least]);
const PAIRS = [
  ...on(
    "surface-page surface-wall surface-hover surface-chosen surface-raised wrong-wash call-wash front-door",
    "text",
    7,
  ),
  ...on("surface-page surface-wall surface-hover surface-raised front-door", "text-quiet", 4.5),
  ...on("surface-page surface-wall surface-hover surface-raised surface-chosen call-wash", "text-faint", 4.5),
  ...on("surface-page surface-wall surface-hover surface-raised accent-wash front-door", "accent", 4.5),
  ...on("surface-page surface-raised wrong-wash front-door", "wrong", 4.5),
  ...on("accent-fill", "on-accent", 4.5),
  ...on("mine", "on-mine", 4.5),
  ...on("mine", "on-mine-quiet", 4.5),
  ...on("mine-pending", "on-mine-pending", 4.5),
  ...on("call", "on-call", 4.5),
  ...on("call-mark", "on-call-mark", 4.5),
  ...on("surface-page surface-wall", "here", 3),
  ...on("surface-page", "focus", 3),
  ...on("surface-page surface-raised front-door", "line-control", 3),
];
// [what, on what, least]: what a person's colour must hold
const PERSON = [
  ["--person-ink", "--person-tint", 4.5],
  ["--text", "--person-tint", 7],
  ["--person-ink", "--surface-page", 4.5],
  ["--person-on-fill", "--person-fill", 4.5],
  ["--text-faint", "--person-tint", 4.5],
  ["--text", "--surface-inset", 4.5],
  ["--person-ink", "--surface-inset", 4.5],
  ["--text-faint", "--surface-inset", 4.5],
];

const base = block(":root");
const person = block("[data-hue]");
const more = block(':root[data-contrast="more"]');
const morePerson = block(':root[data-contrast="more"] [data-hue]');
const broken = [];

function check(where, [what, ground, least], env, dark, under) {
  const at = colour(resolve(env[ground], env, dark), under);
  const it = colour(resolve(env[what], env, dark));
  const got = ratio(it, at);
  const line = `${where}: ${what.slice(2)} on ${ground.slice(2)} is ${got.toFixed(2)}, asked ${least}`;
  say(line);
  if (got < least) broken.push(line);
  if (!it.fits || !at.fits) broken.push(`${where}: ${what} or ${ground} is outside sRGB`);
}

for (const [where, dark, high] of [
  ["light", false, false],
  ["dark", true, false],
  ["light, more contrast", false, true],
  ["dark, more contrast", true, true],
]) {
  const env = { ...base, ...(high ? more : {}) };
  for (const [what, ground, least] of PAIRS) {
    const asked = high && least === 4.5 && !what.includes("call") ? 7 : least;
    check(where, [what, ground, asked], env, dark);
  }
  for (const hue of HUES) {
    const own = { ...env, ...person, ...(high ? morePerson : {}), "--hue": base[`--hue-${hue}`] };
    const tint = colour(resolve(own["--person-tint"], own, dark));
    for (const pair of PERSON) check(`${where}, ${hue}`, pair, own, dark, tint);
  }
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
if (
  !same(more, block(':root:not([data-contrast="normal"])')) ||
  !same(morePerson, block(':root:not([data-contrast="normal"]) [data-hue]'))
)
  broken.push("the block under prefers-contrast is not a copy of data-contrast=more");

if (broken.length) {
  console.error(`contrast: ${broken.length} broken\n${broken.join("\n")}`);
  process.exit(1);
}
console.log("contrast: every pair holds in four themes");
