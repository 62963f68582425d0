// The repository as text.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");
export const read = (path) => readFileSync(join(root, path), "utf8");

/** The files that git knows, below a folder, whose names match. */
export function files(folder, pattern) {
  const list = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", folder], {
    cwd: root,
    encoding: "utf8",
  });
  return list.split("\n").filter((path) => pattern.test(path) && existsSync(join(root, path)));
}
