import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

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
  let { child } = running;
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill,
    restart: async () => {
      child = await launch(folder, port, settings);
    },
    stop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launchOnFreePort(folder: string, settings: readonly string[]) {
  // Someone else may take the port between finding it and using it.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { port, child: await launch(folder, port, settings) };
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

async function launch(folder: string, port: number, settings: readonly string[]): Promise<ChildProcess> {
  const base = ["--bind", "127.0.0.1", "--port", String(port), "--dir", folder, "--save", ""];
  const keep = ["--appendonly", "yes", "--appendfsync", "always"];
  const child = spawn("redis-server", [...base, ...keep, ...settings], { stdio: ["ignore", "pipe", "pipe"] });
  const end = (): unknown => child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  const lines: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      if (line.includes("Ready to accept connections")) resolve();
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`redis-server ended: ${lines.join("\n")}`)));
  });
  await ready;
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
