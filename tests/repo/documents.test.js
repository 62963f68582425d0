import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { files, read, root } from "../support/sources.js";

const documents = files(".", /\.md$/);
const anchor = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");

test("links between the documents lead somewhere", () => {
  const dead = [];
  for (const from of documents) {
    for (const [, target] of read(from).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [path, fragment] = target.split("#");
      const to = path ? join(dirname(from), path) : from;
      if (!existsSync(join(root, to))) dead.push(`${from}: ${target}`);
      else if (fragment) {
        const headings = [...read(to).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading));
        if (!headings.includes(fragment)) dead.push(`${from}: ${target}`);
      }
    }
  }
  assert.deepEqual(dead, []);
});

test("every setting stands in OPERATING.md", () => {
  const named = [...read("crates/server/src/config.rs").matchAll(/setting\(\s*"([a-z-]+)"/g)].map(
    ([, name]) => name,
  );
  assert.ok(named.length > 3);
  const manual = read("docs/OPERATING.md");
  assert.deepEqual(
    named.filter((name) => !manual.includes(`| \`--${name}\` |`)),
    [],
  );
});

test("every code, frame and kind of event stands in PROTOCOL.md", () => {
  const snake = (name) => name.replace(/\B[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
  const variants = (path, name) => {
    const body = new RegExp(`pub enum ${name} \\{\\n([\\s\\S]*?)\\n\\}`).exec(read(path))[1];
    return [...body.matchAll(/^ {4}([A-Z]\w*)/gm)].map(([, variant]) => snake(variant));
  };
  const protocol = read("docs/PROTOCOL.md");
  const missing = [
    ...variants("crates/protocol/src/code.rs", "Code"),
    ...variants("crates/protocol/src/event.rs", "Body"),
    ...variants("crates/protocol/src/frame.rs", "ClientFrame"),
    ...variants("crates/protocol/src/frame.rs", "ServerFrame"),
    ...variants("crates/protocol/src/frame.rs", "Reset"),
  ].filter((word) => !new RegExp(`\`[^\`\\n]*\\b${word}\\b[^\`\\n]*\``).test(protocol));
  assert.deepEqual(missing, []);
});

test("ARCHITECTURE.md can be read in one go", () => {
  assert.ok(read("ARCHITECTURE.md").split("\n").length <= 150);
});
