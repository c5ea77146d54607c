import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { constants, gzipSync } from "node:zlib";
import { dailyRhythm, type Random } from "../random.ts";
import { logLine } from "./log-lines.ts";
import { Climate } from "./weather.ts";

/** Seconds between two lines of the log on an average day: it is a sample of the calls, not all of them. */
export const secondsPerLine = 8;
const historyHours = 6;
/** Some calls failed in the last hour, whatever the dice say: whoever tries out `logs` finds what it is there to find. */
const failing = { beforeMs: 35 * 60_000, seconds: 300 } as const;

/**
 * Writes hours of history as logrotate leaves it: `pulseguard.log`, `.log.1` and `.log.2.gz`. Returns the path of the
 * newest and its size in bytes.
 */
export async function seedHistory(
  folder: string,
  at: { readonly now: number; readonly instances: readonly [string, ...string[]] },
  random: Random,
): Promise<{ readonly path: string; readonly bytes: number }> {
  await mkdir(folder, { recursive: true });
  const lines = historyLines(at, random);
  const path = join(folder, "pulseguard.log");
  const [first, second] = [Math.round(lines.length * 0.45), Math.round(lines.length * 0.75)];
  const newest = textOf(lines.slice(second));
  await Promise.all([
    // Quick compression: it is paid for at every start.
    writeFile(`${path}.2.gz`, gzipSync(textOf(lines.slice(0, first)), { level: constants.Z_BEST_SPEED })),
    writeFile(`${path}.1`, textOf(lines.slice(first, second))),
    writeFile(path, newest),
  ]);
  return { path, bytes: Buffer.byteLength(newest) };
}

function historyLines(
  { now, instances }: { readonly now: number; readonly instances: readonly [string, ...string[]] },
  random: Random,
): string[] {
  const climate = new Climate(random.fork("climate"));
  const lines: string[] = [];
  let at = now - historyHours * 3_600_000;
  let hasFailed = false;
  for (;;) {
    const seconds = (-Math.log(1 - random.next()) * secondsPerLine) / dailyRhythm(at);
    at += Math.max(1, Math.round(seconds * 1_000));
    if (at >= now) return lines;
    if (!hasFailed && at >= now - failing.beforeMs) {
      climate.strike("errors", failing.seconds);
      hasFailed = true;
    }
    lines.push(logLine({ at, instance: random.pick(instances), weather: climate.step(seconds) }, random));
  }
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
