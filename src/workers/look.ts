import type { Configuration } from "../domain/commands/configuration.ts";
import type { Log } from "../domain/log.ts";
import type { Measured, Metrics } from "../domain/systems/metrics.ts";

export interface LookPorts {
  readonly current: () => Pick<Configuration, "systems" | "history">;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Counters say nothing at the first look: the second comes early, so that rates are known soon after the start. */
const secondLookMs = 5_000;

/**
 * What this process reads of the metrics by itself, one reading at a time. A rate is known only to a process that has
 * looked at its counters before. So that every replica can answer, one whose turn it is not to sample looks at them too,
 * at a little more than the pace of the samples, and keeps nothing.
 */
export class MetricLooks {
  readonly #ports: LookPorts;
  #underWay: Promise<readonly Measured[]> | undefined;
  #next: NodeJS.Timeout | undefined;
  #isRunning = false;

  constructor(ports: LookPorts) {
    this.#ports = ports;
  }

  /** Looks at once, soon again, and from then on whenever nothing was read for longer than a sample's pace. */
  start(): void {
    this.#isRunning = true;
    void this.#look().then(() => this.#lookIn(Math.min(secondLookMs, this.#paceMs())));
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    clearTimeout(this.#next);
    await this.#underWay?.catch(() => undefined);
  }

  /** The newest value of every metric of every system that could be read. */
  read(): Promise<readonly Measured[]> {
    this.#underWay ??= readAll(this.#ports).finally(() => {
      this.#underWay = undefined;
      this.#lookIn(this.#paceMs());
    });
    return this.#underWay;
  }

  async #look(): Promise<void> {
    await this.read().catch((error: unknown) => this.#ports.log.warn("the metrics could not be looked at", { error }));
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#next);
    if (this.#isRunning) this.#next = setTimeout(() => void this.#look(), ms).unref();
  }

  /** More than the samples' own pace: the replica that samples reads in time for its next look, and does not look besides. */
  #paceMs(): number {
    return 1.5 * this.#ports.current().history.everyMs;
  }
}

async function readAll({ current, metrics }: LookPorts): Promise<Measured[]> {
  const systems = current().systems.all();
  const read = await Promise.all(systems.map(async (system) => ({ system, readings: await metrics.read(system) })));
  return read.flatMap(({ system, readings }) =>
    readings.flatMap(({ id, reading }): Measured[] =>
      // A document of the store cannot hold an infinity, and a chart has no place for one.
      reading.ok && Number.isFinite(reading.value)
        ? [{ system: system.id, metric: id, sample: { at: reading.at, value: reading.value } }]
        : [],
    ),
  );
}
