/** How long from `npm start` to the first answered `status`, and what the demo takes while nobody asks. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { askRunningBot } from "../src/bot/terminal/client.ts";
import { readStateOwner } from "../src/compose/state-owner.ts";
import { percentile } from "./measure.ts";

const root = join(import.meta.dirname, "..");
const startMsMax = 60_000;
const idleMs = 30_000;
const run = promisify(execFile);

interface Started {
  readonly pid: number;
  readonly ms: number;
  stop(): Promise<void>;
}

async function benchStart(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-bench-"));
  try {
    console.log("\nStart, from npm start to the first answered status");
    // Node keeps compiled code between starts; the first start on a machine has none of it.
    const first = await startDemo(folder, "first");
    await first.stop();
    figure("first start, nothing compiled yet", `${Math.round(first.ms)} ms`);
    const later: number[] = [];
    for (const name of ["a", "b", "c", "d", "e"]) {
      const started = await startDemo(folder, name);
      await started.stop();
      later.push(started.ms);
    }
    figure("later starts, median of 5", `${Math.round(percentile(later, 0.5))} ms`);
    await benchIdle(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchIdle(folder: string): Promise<void> {
  const started = await startDemo(folder, "idle");
  try {
    const asks: number[] = [];
    for (let round = 0; round < 5; round += 1) asks.push(await timeAsk(folder, "idle"));
    figure("npx wardroom ask status, bot running, median of 5", `${Math.round(percentile(asks, 0.5))} ms`);
    const busyBefore = cpuMs(started.pid);
    await sleep(idleMs);
    const share = ((cpuMs(started.pid) - busyBefore) / idleMs) * 100;
    figure("memory of the demo's process, idle for 30 s", `${Math.round(residentMiB(started.pid))} MiB`);
    figure("processor of the demo's process, idle for 30 s", `${share.toFixed(1)} % of one core`);
  } finally {
    await started.stop();
  }
}

function environment(folder: string, name: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PORT: "0",
    LOG_LEVEL: "error",
    WARDROOM_STATE: join(folder, name),
    NODE_COMPILE_CACHE: join(folder, "compiled"),
  };
}

/** Starts as a person would, with a state folder of its own, and waits for an answer that holds both systems. */
async function startDemo(folder: string, name: string): Promise<Started> {
  const before = performance.now();
  const child = spawn("npm", ["start"], { cwd: root, env: environment(folder, name), stdio: "ignore" });
  const pid = await firstAnswer(child, join(folder, name));
  return {
    pid,
    ms: performance.now() - before,
    async stop() {
      process.kill(pid, "SIGTERM");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

async function firstAnswer(child: ChildProcess, state: string): Promise<number> {
  for (const end = performance.now() + startMsMax; performance.now() < end; await sleep(5)) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
    const owner = readStateOwner(state);
    if (!owner?.door) continue;
    const answer = await askRunningBot(owner.door, { text: "status", as: "ana" }).catch(() => undefined);
    if (answer?.text.includes("alphapulse") && answer.text.includes("pulseguard")) return owner.pid;
  }
  child.kill();
  throw new Error(`no status was answered within ${startMsMax} ms`);
}

async function timeAsk(folder: string, name: string): Promise<number> {
  const before = performance.now();
  const args = ["--no", "wardroom", "ask", "status", "--as", "ana"];
  const { stdout } = await run("npx", args, { cwd: root, env: environment(folder, name) });
  if (!stdout.includes("alphapulse")) throw new Error(`the status answered was: ${stdout}`);
  return performance.now() - before;
}

function residentMiB(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1_024;
}

/** User and system time so far. Linux counts it in hundredths of a second. */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name, second field, may hold spaces; what follows its closing bracket does not.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function figure(name: string, value: string): void {
  console.log(`${name.padEnd(56)}${value.padStart(16)}`);
}

await benchStart();
