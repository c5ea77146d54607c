/** What `status` of many systems takes beside the slowest of its probes, and what it costs the process. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createBackends } from "../src/compose/world.ts";
import type { Card } from "../src/domain/messages/card.ts";
import type { System } from "../src/domain/systems/system.ts";
import { systemSchema } from "../src/domain/systems/system-file.ts";
import { createHttp } from "../src/integrations/wire/http.ts";
import { percentile } from "./measure.ts";
import { openStatusAsker } from "./status-asker.ts";

/** Of each system's ten probes. */
const delaysMs = [5, 5, 10, 10, 20, 20, 50, 50, 100, 100];
const slowest = Math.max(...delaysMs);
/** How many systems, and how often `status` of all of them is asked. */
const sizes = [
  { systems: 5, rounds: 50 },
  { systems: 50, rounds: 20 },
  { systems: 500, rounds: 5 },
] as const;

async function benchFleet(): Promise<void> {
  const backend = spawn(process.execPath, [join(import.meta.dirname, "slow-backend.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const [port] = await once(backend.stdout, "data");
    const url = `http://127.0.0.1:${String(port).trim()}`;
    console.log(`\nStatus of all systems, ${delaysMs.length} probes each, the slowest of which takes ${slowest} ms`);
    for (const { systems, rounds } of sizes) {
      const all = Array.from({ length: systems }, (_, index) => systemOf(url, index));
      await measured(all, rounds);
    }
  } finally {
    backend.stdin.end();
  }
}

async function measured(systems: readonly System[], rounds: number): Promise<void> {
  const asker = await openStatusAsker(systems, sameAnswer);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  try {
    await asker.ask();
    loop.enable();
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) times.push(await asker.ask());
    loop.disable();
    const took = [0.5, 0.99].map((share) => `p${share * 100} ${percentile(times, share).toFixed(0).padStart(5)} ms`);
    const memory = `${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`;
    const delay = `event loop p99 ${(loop.percentile(99) / 1e6).toFixed(1)} ms`;
    console.log(
      `${`${systems.length} systems, asked ${rounds} times`.padEnd(40)}${took.join("  ")}  ${memory}  ${delay}`,
    );
  } finally {
    await asker.stop();
  }
}

/** A figure for another answer would be worth nothing. */
function sameAnswer(card: Card | undefined): void {
  if (card?.tone !== "good") throw new Error(`the answer was ${card?.title ?? "none"}`);
}

function systemOf(url: string, index: number): System {
  return systemSchema(createBackends({ http: createHttp() })).parse({
    id: `system-${index}`,
    title: `System ${index}`,
    health: delaysMs.map((delayMs, at) => ({ id: `probe-${at}`, http: `${url}/${delayMs}` })),
  });
}

await benchFleet();
