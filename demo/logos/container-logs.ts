import { writeFile } from "node:fs/promises";
import { logOf } from "../compose/engine.ts";
import { LogFile } from "../log-file.ts";
import { dailyRhythm, type Random } from "../random.ts";
import { containerLine } from "./log-lines.ts";

/** Seconds between two lines of a container on an average day. */
const secondsPerLine = { gateway: 15, "pxl-core": 60, "overlay-chrono": 90, "overlay-v4": 120 } as const;
const historyMs = 6 * 3_600_000;
const limitBytes = 1024 * 1024;

/** What the first container of each service prints. */
export interface ContainerLogs {
  /** A second more: what runs may print a line. */
  tick(at: number, running: () => ReadonlyMap<string, number>): void;
  flush(): Promise<void>;
}

/** Lays hours of logs where the stand-in for an engine keeps them. */
export async function startContainerLogs(engine: string, now: number, random: Random): Promise<ContainerLogs> {
  const printing = await Promise.all(
    Object.entries(secondsPerLine).map(async ([service, seconds]) => {
      const own = random.fork(service);
      const path = logOf(engine, { name: `logos-${service}-1` });
      const history = historyOf(service, { now, seconds }, own);
      await writeFile(path, history);
      return { service, seconds, own, log: new LogFile({ path, bytes: Buffer.byteLength(history), limitBytes }) };
    }),
  );
  return {
    tick(at, running) {
      for (const { service, seconds, own, log } of printing) {
        if (own.chance(dailyRhythm(at) / seconds) && running().has(service)) log.write(containerLine(service, at, own));
      }
    },
    async flush() {
      await Promise.all(printing.map(({ log }) => log.flush()));
    },
  };
}

function historyOf(
  service: string,
  { now, seconds }: { readonly now: number; readonly seconds: number },
  random: Random,
): string {
  const lines: string[] = [];
  for (let at = now - historyMs; at < now; at += Math.max(1_000, random.between(0, 2_000 * seconds)))
    lines.push(`${containerLine(service, Math.floor(at), random)}\n`);
  return lines.join("");
}
