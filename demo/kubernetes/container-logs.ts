import { createRandom, type Random } from "../random.ts";
import type { Behaviour } from "./registry.ts";

export interface LogLine {
  readonly at: number;
  readonly text: string;
}

/** One life of a container: its lines follow from it alone, so none has to be kept and each reads the same every time. */
export interface Life {
  readonly id: string;
  readonly app: string;
  readonly behaviour: Behaviour;
  readonly startedAt: number;
  /** When it ended, or the present moment. */
  readonly until: number;
}

/** A node keeps so many lines of a container's life: the newest. */
const kept = 2_000;

/** Between two lines, in ms. */
const pace: Readonly<Record<string, number>> = {
  "prsm-api": 1_500,
  "prsm-worker": 4_000,
  postgres: 20_000,
  redis: 60_000,
  ipfs: 15_000,
};

/** The newest lines of a life, oldest first. */
export function linesOf(life: Life): LogLine[] {
  const every = pace[life.app] ?? 20_000;
  const beginning = openingOf(life).map((text, index) => ({ at: life.startedAt + 40 + index * 110, text }));
  const first = life.startedAt + 2_000;
  const count = life.behaviour === "crash" ? 0 : Math.max(0, Math.ceil((life.until - first) / every));
  const from = Math.max(0, count - kept);
  const running = Array.from({ length: count - from }, (_, index) =>
    lineAt(life, { number: from + index, first, every }),
  );
  return [...(from === 0 ? beginning : []), ...running].filter((line) => line.at <= life.until);
}

function lineAt(life: Life, { number, first, every }: { number: number; first: number; every: number }): LogLine {
  const random = createRandom(`${life.id}/${number}`);
  const at = first + number * every + Math.floor(random.next() * every * 0.8);
  return { at, text: `${new Date(at).toISOString()} ${sentence(life, random)}` };
}

function openingOf(life: Life): string[] {
  const at = (index: number): string => new Date(life.startedAt + 40 + index * 110).toISOString();
  if (!life.app.startsWith("prsm-")) return [`${at(0)} INFO  ${life.app} starting`, `${at(1)} INFO  ${life.app} ready`];
  const part = life.app.replace("-", ".");
  const opening = [
    `${at(0)} INFO  ${part} starting`,
    `${at(1)} INFO  ${part} connected to postgres:5432/prsm_production`,
  ];
  if (life.behaviour !== "crash") return [...opening, `${at(2)} INFO  ${part} connected to redis:6379`];
  return [
    ...opening,
    `${at(2)} ERROR ${part} cannot start: the setting FTNS_LEDGER_URL is not set`,
    "Traceback (most recent call last):",
    '  File "/app/prsm/core/config.py", line 88, in load',
    "    ledger = os.environ['FTNS_LEDGER_URL']",
    "KeyError: 'FTNS_LEDGER_URL'",
  ];
}

function sentence({ app, behaviour }: Life, random: Random): string {
  if (behaviour === "unready" && random.chance(0.4)) {
    return `WARN  ${app.replace("-", ".")} not ready: 1 migration is pending (0042_ledger_index)`;
  }
  const ms = Math.round(random.between(12, 340));
  switch (app) {
    case "prsm-api": {
      const path = random.pick(["/api/v1/query", "/api/v1/sessions", "/api/v1/marketplace/models", "/health"]);
      if (random.chance(0.008)) return `ERROR prsm.api GET ${path} 500 ${ms}ms upstream model provider timed out`;
      return `INFO  prsm.api GET ${path} 200 ${ms}ms session=${random.hex(8)}`;
    }
    case "prsm-worker": {
      const job = random.hex(8);
      if (random.chance(0.02)) return `WARN  prsm.worker job=${job} retried: IPFS gateway answered 504`;
      return `INFO  prsm.worker job=${job} ${random.pick(["distill", "embed", "settle-ftns"])} done in ${ms * 9}ms`;
    }
    case "redis":
      return `INFO  redis ${Math.round(random.between(100, 900))} changes in 60 seconds. Saving...`;
    case "ipfs":
      return `INFO  ipfs ${Math.round(random.between(180, 260))} peers, ${Math.round(random.between(1, 40))} blocks provided`;
    default:
      return `INFO  ${app} checkpoint complete: wrote ${Math.round(random.between(20, 400))} buffers in ${ms}ms`;
  }
}
