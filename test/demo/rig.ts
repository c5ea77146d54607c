import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Demo, type DemoOptions, startDemo } from "../../demo/start.ts";

/** A Saturday in the small hours of UTC: today's files are young, yesterday's are whole. */
export const startedAt = Date.parse("2026-11-21T03:04:05.678Z");

/** A clock that stands still until it is moved. */
export interface HandClock {
  now: number;
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "wardroom-demo-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The demo systems with time standing still; gone when the test is over. */
export async function standDemo(
  options: Partial<DemoOptions> = {},
): Promise<{ demo: Demo; clock: HandClock; folder: string }> {
  const folder = await temporaryFolder();
  const clock = { now: startedAt };
  const demo = await startDemo({ folder, seed: 7, now: () => clock.now, isTicking: false, ...options });
  onTestFinished(() => demo.stop());
  return { demo, clock, folder };
}

export async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url);
  return response.json();
}

export function post(url: string, body?: object, headers: Record<string, string> = {}): Promise<Response> {
  if (body === undefined) return fetch(url, { method: "POST", headers });
  const type = { "content-type": "application/json" };
  return fetch(url, { method: "POST", body: JSON.stringify(body), headers: { ...type, ...headers } });
}

/** The header that a change of the trader has to carry. */
export function tokenOf({ env }: Pick<Demo, "env">): Record<string, string> {
  return { authorization: `Bearer ${env["ALPHAPULSE_TOKEN"]}` };
}

/** Value at a JSON pointer, or undefined. */
export function at(document: unknown, pointer: string): unknown {
  let value = document;
  for (const part of pointer.split("/").slice(1)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, part)?.value;
  }
  return value;
}

/** Value of one series of a Prometheus text, by its name and labels as they stand there. */
export function sample(text: string, series: string): number {
  const line = text.split("\n").find((each) => each.startsWith(`${series} `));
  return line === undefined ? Number.NaN : Number(line.slice(series.length + 1));
}
