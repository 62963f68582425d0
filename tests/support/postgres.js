// A PostgreSQL of a test's own, in a temporary folder, that speaks TLS as hosted ones do.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "./program.js";

const VERSIONS = "/usr/lib/postgresql";
const ROOT = process.getuid() === 0;
/** It refuses to run as root: then it runs as the user that its Debian package made. */
const as = (command, args) =>
  ROOT ? ["runuser", ["-u", "postgres", "--", command, ...args]] : [command, args];
const run = (command, ...args) => execFileSync(...as(command, args), { stdio: ["ignore", "pipe", "pipe"] });

export class Postgres {
  static async start() {
    const postgres = new Postgres();
    const [newest] = readdirSync(VERSIONS).sort().reverse();
    const bin = join(VERSIONS, newest, "bin");
    postgres.bin = bin;
    postgres.data = await mkdtemp(join(tmpdir(), "parlour-postgres-"));
    if (ROOT) execFileSync("chown", ["postgres", postgres.data]);
    const data = join(postgres.data, "data");
    run(join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync");
    const [key, cert] = [join(data, "server.key"), join(data, "server.crt")];
    run(
      "openssl",
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-subj",
      "/CN=db",
      "-keyout",
      key,
      "-out",
      cert,
    );
    run("chmod", "600", key);
    const port = await freePort();
    // Those who come by TCP without TLS are refused, as Heroku does.
    const hba = join(data, "pg_hba.conf");
    run("sh", "-c", `echo "hostssl all all 127.0.0.1/32 trust" > "$0"`, hba);
    const settings = { port, listen_addresses: "127.0.0.1", unix_socket_directories: "", ssl: "on" };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const [command, args] = as(join(bin, "postgres"), ["-D", data, ...flags]);
    postgres.child = spawn(command, args, { stdio: "ignore" });
    postgres.over = once(postgres.child, "exit");
    postgres.url = `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=require`;
    const until = Date.now() + 20_000;
    while (!ready(bin, port)) {
      if (Date.now() > until) throw new Error("PostgreSQL does not answer");
      await wait(50);
    }
    return postgres;
  }

  async close() {
    run(join(this.bin, "pg_ctl"), "stop", "-m", "fast", "-D", join(this.data, "data"));
    await this.over;
    await rm(this.data, { recursive: true, force: true });
  }
}

function ready(bin, port) {
  try {
    execFileSync(join(bin, "pg_isready"), ["-h", "127.0.0.1", "-p", port], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
