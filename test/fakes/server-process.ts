import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

/** A real server in a process of its own, which ends with this one at the latest. */
export interface ServerProcess<Found> {
  /** What its output said once it was ready. */
  readonly found: Found;
  readonly pid: number | undefined;
  /** Ends it, at once or as a signal says, and waits until it is gone; nothing where it is gone already. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

interface Launch<Found> {
  readonly args: readonly string[];
  /** All of its environment; this one's where left out. */
  readonly env?: Readonly<Record<string, string>>;
  readonly output: "stdout" | "stderr";
  /** What a line of its output says of its being ready; undefined where it says nothing of that. */
  readonly ready: (line: string) => Found | undefined;
  readonly endsBy?: NodeJS.Signals;
}

/** Starts a program and waits until its output says that it is ready. Throws with its output where it ends before. */
export async function startServer<Found>(program: string, launch: Launch<Found>): Promise<ServerProcess<Found>> {
  const { args, env, output, ready, endsBy = "SIGKILL" } = launch;
  const pipes = { stdout: ["ignore", "pipe", "inherit"], stderr: ["ignore", "ignore", "pipe"] } as const;
  const child = spawn(program, args, { stdio: [...pipes[output]], ...(env && { env }) });
  const end = (): unknown => child.kill(endsBy);
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  const lines: string[] = [];
  const found = await new Promise<Found>((resolve, reject) => {
    const stream = child[output];
    if (!stream) throw new Error(`${program} has no ${output}`);
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      const said = ready(line);
      if (said !== undefined) resolve(said);
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`${program} ended: ${lines.join("\n")}`)));
  });
  return {
    found,
    pid: child.pid,
    async kill(signal = endsBy) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill(signal);
      await gone;
    },
  };
}

/** A port of loopback that nobody listens on now; somebody else may take it before it is used. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
