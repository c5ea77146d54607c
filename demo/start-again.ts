import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { type Demo, startDemo } from "./start.ts";

const DemoPorts = z.object({
  pulseguard: z.tuple([z.int(), z.int(), z.int()]),
  trading: z.int(),
  monitor: z.int(),
  /** Not in what was noted before there was one. */
  prometheus: z.int().default(0),
  kubernetes: z.int().default(0),
  /** Where the cluster is told what is to go wrong. */
  troubles: z.int().default(0),
  logos: z.tuple([z.int(), z.int(), z.int(), z.int(), z.int(), z.int()]).default([0, 0, 0, 0, 0, 0]),
  prsm: z.tuple([z.int(), z.int(), z.int().default(0)]).default([0, 0, 0]),
});
type DemoPorts = z.output<typeof DemoPorts>;

/**
 * Starts the demo systems where they ran the last time on this state folder, so that what waits for approval still names
 * the right addresses; on free ports when there was no last time, or another program has taken them.
 */
export async function startDemoAgain(stateFolder: string): Promise<Demo> {
  const folder = resolve(stateFolder, "demo");
  const known = knownPorts(stateFolder);
  const demo = await startDemo({ folder, ...(known && { ports: known }) }).catch(() => startDemo({ folder }));
  writeFileSync(portsFile(stateFolder), JSON.stringify(portsOf(demo)), { mode: 0o600 });
  return demo;
}

function portsOf({ pulseguard, alphapulse, logos, kubernetes, prsm }: Demo): DemoPorts {
  const [first, second, third] = pulseguard.nodes;
  return {
    pulseguard: [portOf(first.service.url), portOf(second.service.url), portOf(third.service.url)],
    trading: portOf(alphapulse.trading.url),
    monitor: portOf(alphapulse.monitor.url),
    prometheus: portOf(pulseguard.prometheus.url),
    kubernetes: kubernetes.service.port,
    troubles: kubernetes.door.port,
    logos: [
      logos.services.gateway.port,
      logos.services["pxl-core"].port,
      logos.services["overlay-chrono"].port,
      logos.services["overlay-v4"].port,
      logos.services.gui.port,
      logos.prometheus.port,
    ],
    prsm: [prsm.api.port, prsm.prometheus.port, prsm.databasePort],
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** Undefined when nothing usable was noted: the demo then takes free ports. */
function knownPorts(stateFolder: string): DemoPorts | undefined {
  try {
    return DemoPorts.parse(JSON.parse(readFileSync(portsFile(stateFolder), "utf8")));
  } catch {
    return undefined;
  }
}

function portsFile(stateFolder: string): string {
  return join(stateFolder, "demo-ports.json");
}
