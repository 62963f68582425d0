// Imports only point down. The layers stand in ARCHITECTURE.md, under "Layers", lowest first.
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { files, read } from "../support/sources.js";

/** `name → layer` of one of the lists: lines such as "1. `config` `auth`: …". */
function layers(title) {
  const section = new RegExp(`^### ${title}.*\\n([\\s\\S]*?)(?=^#|(?![\\s\\S]))`, "m").exec(
    read("ARCHITECTURE.md"),
  )?.[1];
  assert.ok(section, `ARCHITECTURE.md has the layers of ${title}`);
  const found = new Map();
  for (const [, n, line] of section.matchAll(/^(\d+)\. ([^:]+)/gm)) {
    for (const [, name] of line.matchAll(/`([\w/.]+)`/g)) found.set(name, Number(n));
  }
  return found;
}

function upwards(found, uses) {
  const wrong = [];
  for (const [file, from, to] of uses) {
    if (from === to) continue;
    if (!found.has(from)) wrong.push(`${file}: ${from} is in no layer of ARCHITECTURE.md`);
    else if (found.has(to) && found.get(to) > found.get(from))
      wrong.push(`${file}: ${from} imports ${to}, which lies above it`);
  }
  return [...new Set(wrong)];
}

/** Rust without its comments and its tests. */
const code = (text) => text.replace(/\/\/.*$/gm, "").replace(/#\[cfg\(test\)\]\s*mod \w+ \{[\s\S]*$/, "");

test("crates/server", () => {
  const folder = "crates/server/src/";
  const found = layers("crates/server");
  const uses = [];
  for (const file of files(folder, /\.rs$/)) {
    const from = file.slice(folder.length).split("/")[0].replace(/\.rs$/, "");
    if (from === "lib") continue;
    const text = code(read(file));
    for (const [, to] of text.matchAll(/\b(?:crate|server)::([a-z_]+)\b/g)) uses.push([file, from, to]);
    for (const [, list] of text.matchAll(/\b(?:crate|server)::\{([^;]*?)\};/g)) {
      for (const [, to] of list.matchAll(/(?:^|,)\s*([a-z_]+)/g)) uses.push([file, from, to]);
    }
  }
  assert.ok(uses.length > 0);
  assert.deepEqual(upwards(found, uses), []);
  const doors = ["http", "ws", "admin"];
  // The route table in http.rs is where the socket is mounted, and knows nothing more of it.
  const inside = uses.filter(([file]) => file !== "crates/server/src/http.rs");
  const between = inside.filter(([, from, to]) => from !== to && doors.includes(from) && doors.includes(to));
  assert.deepEqual(between, [], "the doors never see each other");
});

test("web/src", () => {
  const folder = "web/src/";
  const found = layers("web/src");
  const uses = [];
  for (const file of files(folder, /\.(ts|svelte)$/)) {
    if (/\.test\.ts$/.test(file)) continue;
    const place = (path) =>
      path
        .slice(folder.length)
        .split("/")[0]
        .replace(/(\.svelte)?\.ts$|\.svelte$/, "");
    for (const [, target] of read(file).matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)) {
      uses.push([file, place(file), place(join(dirname(file), target))]);
    }
  }
  assert.ok(uses.length > 0);
  assert.deepEqual(upwards(found, uses), []);
});
