// The real program, as a child process with a data folder of its own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Where the built program lies: `profile` is `debug` or `release`. */
export function binary(profile = "debug", name = "parlour") {
  const target = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
  const path = join(target, profile, name);
  assert.ok(existsSync(path), `${path} is missing: run bin/test browser, which builds it`);
  return path;
}

/** A port that was free a moment ago. It stays the same over restarts, so that pages find their way back. */
export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

export class Program {
  /**
   * Starts the program and answers once it does. `env` adds settings, `limits` lifts the rates by default, `under` is
   * a command that runs it, `path` another build of it, `prepare` makes what has to be in the data folder before.
   */
  static async start({
    profile = "debug",
    path = binary(profile),
    limits = "off",
    env = {},
    under = [],
    cwd = root,
    prepare = () => {},
  } = {}) {
    const program = new Program();
    program.command = [...under, path];
    program.cwd = cwd;
    program.data = await mkdtemp(join(tmpdir(), "parlour-test-"));
    await prepare(program.data);
    program.port = await freePort();
    program.url = `http://127.0.0.1:${program.port}`;
    program.env = { PARLOUR_LIMITS: limits, ...env };
    await program.up();
    return program;
  }

  async up() {
    const env = { ...process.env, RUST_BACKTRACE: "1", ...this.env };
    if (!env.PARLOUR_LIMITS) delete env.PARLOUR_LIMITS;
    delete env.DATABASE_URL;
    delete env.PORT;
    this.log = "";
    const [command, ...rest] = [
      ...this.command,
      "serve",
      "--listen",
      `127.0.0.1:${this.port}`,
      "--data",
      this.data,
    ];
    this.child = spawn(command, rest, {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.over = once(this.child, "exit");
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        this.log = (this.log + text).slice(-64 * 1024);
      });
    }
    const until = Date.now() + 20_000;
    while (!(await answers(`${this.url}/healthz`))) {
      assert.ok(this.child.exitCode === null, `The program stopped at once:\n${this.log}`);
      assert.ok(Date.now() < until, `The program does not answer:\n${this.log}`);
      await new Promise((go) => setTimeout(go, 20));
    }
  }

  /** SIGKILL: no goodbye, no flush. */
  async kill() {
    this.child.kill("SIGKILL");
    await this.over;
  }

  /** SIGTERM: the program says goodbye and ends by itself. */
  async stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill("SIGTERM");
    const late = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    await this.over;
    clearTimeout(late);
  }

  async close() {
    await this.stop();
    await rm(this.data, { recursive: true, force: true });
  }
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
