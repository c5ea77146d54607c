/** What `status` of five systems takes beyond the slowest of their backends, through the whole pipeline and its store. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createBackends } from "../src/compose/world.ts";
import type { Card } from "../src/domain/messages/card.ts";
import type { System } from "../src/domain/systems/system.ts";
import { systemSchema } from "../src/domain/systems/system-file.ts";
import { createHttp } from "../src/integrations/wire/http.ts";
import { percentile } from "./measure.ts";
import { openStatusAsker } from "./status-asker.ts";

/** Of each system's backend. A health check, a fact and a metric are asked of each. */
const delaysMs = [0, 5, 20, 50, 100];
const rounds = 100;
const slowest = Math.max(...delaysMs);

async function benchStatus(): Promise<void> {
  const backends = await Promise.all(delaysMs.map(startBackend));
  const asker = await openStatusAsker(
    backends.map(({ system }) => system),
    sameAnswer,
  );
  try {
    for (let round = 0; round < 10; round += 1) await asker.ask();
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) times.push(await asker.ask());
    const beyond = (share: number): string => `${(percentile(times, share) - slowest).toFixed(1)} ms`;
    console.log(`\nStatus of ${delaysMs.length} systems, time beyond the slowest backend (${slowest} ms)`);
    console.log(`${`asked ${rounds} times in a row`.padEnd(56)}p50 ${beyond(0.5)}  p99 ${beyond(0.99)}`);
  } finally {
    await asker.stop();
    for (const { server } of backends) server.close();
  }
}

/** A figure for another answer would be worth nothing. */
function sameAnswer(card: Card | undefined): void {
  const table = card?.blocks.find((block) => block.kind === "table");
  const states = (table?.rows ?? []).map(([, state]) => (typeof state === "string" ? state : state?.text));
  if (states.length !== delaysMs.length || states.some((state) => state !== "up"))
    throw new Error(`the answer was ${card?.title ?? "none"}: ${states.join(", ")}`);
}

async function startBackend(delayMs: number, index: number): Promise<{ server: Server; system: System }> {
  const server = createServer((_request, response) => {
    setTimeout(() => response.setHeader("content-type", "application/json").end('{"mode":"live","load":1}'), delayMs);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/`;
  const system = systemSchema(createBackends({ http: createHttp() })).parse({
    id: `system-${index}`,
    title: `System ${index}`,
    health: [{ id: "service", http: url }],
    facts: [{ id: "mode", title: "Mode", json: { url, path: "/mode" } }],
    metrics: [{ id: "load", title: "Load", key: true, source: { json: { url, path: "/load" } } }],
  });
  return { server, system };
}

await benchStatus();
