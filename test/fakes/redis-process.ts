import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, type ServerProcess, startServer } from "./server-process.ts";

/** A real redis-server on a free loopback port, with its own folder. */
export interface RedisProcess {
  readonly url: string;
  readonly port: number;
  /** SIGKILL, as when the machine takes the process away. The append-only file stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder, after `kill`. */
  restart(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** `settings` are arguments as in `--appendfsync everysec`. Without any it keeps what it acknowledges, as in production. */
export async function startRedis(settings: readonly string[] = []): Promise<RedisProcess> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-redis-"));
  const running = await launchOnFreePort(folder, settings);
  const { port } = running;
  let { server } = running;
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill: () => server.kill(),
    restart: async () => {
      server = await launch(folder, port, settings);
    },
    stop: async () => {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launchOnFreePort(folder: string, settings: readonly string[]) {
  // Someone else may take the port between finding it and using it.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { port, server: await launch(folder, port, settings) };
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

function launch(folder: string, port: number, settings: readonly string[]): Promise<ServerProcess<true>> {
  const base = ["--bind", "127.0.0.1", "--port", String(port), "--dir", folder, "--save", ""];
  const keep = ["--appendonly", "yes", "--appendfsync", "always"];
  return startServer("redis-server", {
    args: [...base, ...keep, ...settings],
    output: "stdout",
    ready: (line) => line.includes("Ready to accept connections") || undefined,
  });
}
