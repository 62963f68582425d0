// The program as it is given to people: one file, with the web client inside.
import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { register } from "../support/api.js";
import { binary, Program } from "../support/program.js";

let folder;
let program;
before(async () => {
  // Alone in a folder of its own, so that it cannot find anything of the repository.
  folder = await mkdtemp(join(tmpdir(), "parlour-release-"));
  const path = join(folder, "parlour");
  await copyFile(binary("release"), path);
  program = await Program.start({ path, cwd: folder });
});
after(async () => {
  await program?.close();
  await rm(folder, { recursive: true, force: true });
});

test("the page and what it needs are inside, compressed and cached", async () => {
  const page = await fetch(program.url);
  assert.equal(page.status, 200);
  assert.match(page.headers.get("content-type"), /^text\/html/);
  assert.match(page.headers.get("content-security-policy"), /require-trusted-types-for/);
  const html = await page.text();
  const assets = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  assert.ok(
    assets.some((path) => path.endsWith(".js")) && assets.some((path) => path.endsWith(".css")),
    html,
  );
  for (const path of assets) {
    const asset = await fetch(program.url + path, { headers: { "accept-encoding": "br" } });
    assert.equal(asset.status, 200, path);
    assert.match(asset.headers.get("cache-control"), /immutable/, path);
    assert.equal(asset.headers.get("content-encoding"), "br", path);
  }
  // An address inside the page is the page.
  assert.equal(await (await fetch(`${program.url}/r/1`)).text(), html);
});

test("it talks, and keeps what was said", async () => {
  const ana = await register(program.url, "ana", "Ana");
  const { rooms } = await ana.api.get("rooms");
  const { seq } = await ana.api.say(rooms[0].id, "hello");
  await program.stop();
  await program.up();
  assert.equal((await ana.api.get(`rooms/${rooms[0].id}/messages/${seq}`)).text, "hello");
});
