import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { freePort, startServer } from "./server-process.ts";

/** Where Debian keeps it. */
const bin = "/usr/lib/postgresql/15/bin";

/** A real PostgreSQL on a free loopback port, with its own folder. */
export interface PostgresProcess {
  readonly port: number;
  /** Holds its socket. */
  readonly folder: string;
  /** As the superuser `app`, statement by statement. */
  sql(text: string, database?: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  stop(): Promise<void>;
}

interface PostgresOptions {
  /** Lines of pg_hba.conf before the one that trusts everybody on this machine. */
  readonly rules?: readonly string[];
  /** PEM of a certificate and its key: it speaks TLS, too. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly settings?: Readonly<Record<string, string>>;
}

/** It keeps nothing safe from a power failure, because nobody needs it after the test. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresProcess> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-postgres-"));
  const data = join(folder, "data");
  chmodSync(folder, 0o755);
  mkdirSync(data, { mode: 0o700 });
  own(folder, data);
  execFileSync(
    ...asPostgres("initdb", ["-D", data, "-A", "trust", "-U", "app", "--no-sync", "--no-locale", "-E", "UTF8"]),
    {
      stdio: "pipe",
    },
  );
  const rules = ["local all app trust", ...(options.rules ?? []), "host all all 127.0.0.1/32 trust", ""];
  writeFileSync(join(data, "pg_hba.conf"), rules.join("\n"));
  if (options.tls) {
    writeFileSync(join(data, "server.crt"), options.tls.cert);
    writeFileSync(join(data, "server.key"), options.tls.key, { mode: 0o600 });
    own(join(data, "server.crt"), join(data, "server.key"));
  }
  const port = await freePort();
  const settings = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    ssl: options.tls ? "on" : "off",
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const [program, args] = asPostgres("postgres", ["-D", data, ...flags]);
  const server = await startServer(program, {
    args,
    output: "stderr",
    ready: (line) => line.includes("database system is ready to accept connections") || undefined,
    endsBy: "SIGQUIT",
  });
  return {
    port,
    folder,
    async sql(text, database = "postgres") {
      const client = new Client({ host: folder, port, user: "app", database, password: "none", ssl: false });
      await client.connect();
      try {
        const { rows } = await client.query<Record<string, unknown>>(text);
        return rows;
      } finally {
        await client.end();
      }
    },
    async stop() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const isRoot = process.getuid?.() === 0;

/** It refuses to run as root, and so runs as the user whom its package brings. */
function asPostgres(program: string, args: readonly string[]): [string, string[]] {
  const path = join(bin, program);
  if (!isRoot) return [path, [...args]];
  return ["setpriv", ["--reuid", "postgres", "--regid", "postgres", "--clear-groups", path, ...args]];
}

function own(...paths: readonly string[]): void {
  if (!isRoot) return;
  const [user = 0, group = 0] = ["-u", "-g"].map((which) => Number(execFileSync("id", [which, "postgres"]).toString()));
  for (const path of paths) chownSync(path, user, group);
}
