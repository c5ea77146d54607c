import { dailyRhythm, type Random, round } from "../random.ts";
import { type ReasonCode, reasonCodes } from "./reason-codes.ts";
import { Climate, type Trouble, type Weather } from "./weather.ts";

/** Upper bounds of the latency histogram, seconds; `+Inf` follows. */
export const latencyBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5] as const;

const requestsPerSecond = 6;
const latencySpread = 0.52;
const dayMs = 86_400_000;

export type Mode = "synthetic" | "live";

/** What `/metrics` counts since the process started. */
export interface Counters {
  /** How many answers took at most the bound at the same index; the last is `+Inf`. Not cumulative. */
  readonly latencyBuckets: number[];
  latencySum: number;
  readonly requests: { "2xx": number; "4xx": number; "5xx": number };
  readonly hits: Record<ReasonCode, number>;
}

/** One PulseGuard process: its counters, its gauges and what it says of itself. */
export class Instance {
  readonly id: string;
  mode: Mode = "live";
  /** True while `PG_HMAC_KEY` is still the shipped `change_me`. */
  hasDefaultKey = false;
  modelVersion = "v0_1_0";
  readonly #random: Random;
  readonly #climate: Climate;
  #startedAt: number;
  readonly #keySetAt: number;
  #counters = emptyCounters();
  #weather: Weather;

  constructor(identity: { readonly id: string; readonly now: number }, random: Random) {
    this.id = identity.id;
    this.#random = random;
    this.#climate = new Climate(random.fork("climate"));
    this.#startedAt = identity.now - Math.round(random.between(1.5, 4) * dayMs);
    this.#keySetAt = identity.now - Math.round(random.between(20, 60) * dayMs);
    this.#weather = this.#climate.step(1);
    this.#backdate(Math.round((identity.now - this.#startedAt) / 1_000));
  }

  get weather(): Weather {
    return this.#weather;
  }

  get counters(): Readonly<Counters> {
    return this.#counters;
  }

  get startedAt(): number {
    return this.#startedAt;
  }

  /** One second of work. */
  tick(now: number): void {
    this.#weather = this.#climate.step(1);
    const mean = requestsPerSecond * dailyRhythm(now);
    const requests = Math.max(0, Math.round(mean + Math.sqrt(mean) * this.#random.normal()));
    for (let index = 0; index < requests; index += 1) this.#serve();
  }

  /** Trouble of one kind for so many seconds. */
  strike(trouble: Trouble, seconds: number): void {
    this.#climate.strike(trouble, seconds);
  }

  calm(): void {
    this.#climate.calm();
  }

  /** As a new process: every counter starts at zero. */
  restart(now: number): void {
    this.#startedAt = now;
    this.#counters = emptyCounters();
  }

  /** What `/status` answers. Of the key only its name, its age and whether it is the shipped one. */
  status(now: number): object {
    return {
      system: "pulseguard",
      instance: this.id,
      status: "ok",
      mode: this.mode,
      model_version: this.modelVersion,
      uptime_seconds: Math.round((now - this.#startedAt) / 1_000),
      confirmations: 12,
      feature_window_seconds: 300,
      pqc_enabled: false,
      hmac_key: {
        name: "PG_HMAC_KEY",
        is_default: this.hasDefaultKey,
        age_days: Math.floor((now - this.#keySetAt) / dayMs),
      },
      queue_lag: this.#weather.queueLag,
      block_gap: this.#weather.blockGap,
      model_drift: round(this.#weather.drift, 4),
    };
  }

  #serve(): void {
    const random = this.#random;
    const seconds = this.#weather.medianLatency * Math.exp(latencySpread * random.normal());
    const counters = this.#counters;
    const bound = latencyBounds.findIndex((each) => seconds <= each);
    const bucket = bound === -1 ? latencyBounds.length : bound;
    counters.latencyBuckets[bucket] = (counters.latencyBuckets[bucket] ?? 0) + 1;
    counters.latencySum += seconds;
    if (random.chance(this.#weather.errorShare)) counters.requests["5xx"] += 1;
    else if (random.chance(0.01)) counters.requests["4xx"] += 1;
    else counters.requests["2xx"] += 1;
    if (random.chance(0.05)) counters.hits[random.pick(reasonCodes)] += 1;
  }

  /** Counters of a process that has been at work for so long: a few thousand calls, scaled up. */
  #backdate(seconds: number): void {
    const sample = 2_000;
    for (let index = 0; index < sample; index += 1) this.#serve();
    const factor = Math.max(1, Math.round((seconds * requestsPerSecond) / sample));
    const counters = this.#counters;
    counters.latencyBuckets.forEach((count, index) => {
      counters.latencyBuckets[index] = count * factor;
    });
    counters.latencySum *= factor;
    for (const status of ["2xx", "4xx", "5xx"] as const) counters.requests[status] *= factor;
    for (const code of reasonCodes) counters.hits[code] *= factor;
  }
}

function emptyCounters(): Counters {
  return {
    latencyBuckets: Array.from({ length: latencyBounds.length + 1 }, () => 0),
    latencySum: 0,
    requests: { "2xx": 0, "4xx": 0, "5xx": 0 },
    hits: { "PG.FLASH": 0, "PG.SANDWICH": 0, "PG.MEV": 0, "PG.ROUNDTRIP": 0, "PG.GAS_SPIKE": 0 },
  };
}
