import { round } from "../random.ts";

export interface Alert {
  readonly id: string;
  readonly severity: "critical" | "warning";
  readonly category: "system" | "risk" | "model" | "exchange";
  readonly message: string;
  readonly value: number;
  readonly threshold: number;
  /** ISO 8601. */
  readonly since: string;
}

export interface Measured {
  readonly id: string;
  readonly category: Alert["category"];
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  readonly warn: number;
  readonly critical?: number;
  readonly bad: "above" | "below";
}

/** What the monitor watches, with the manual's limits; "approaching" is 80 % of a limit. */
export function watched(now: {
  readonly dailyPnlPercent: number;
  readonly drawdownPercent: number;
  /** So many streams of market data lag behind. */
  readonly lagging: number;
  readonly figures: Readonly<
    Record<"cpu_percent" | "memory_percent" | "api_error_percent" | "inference_ms" | "confidence_percent", number>
  >;
}): readonly Measured[] {
  const { figures } = now;
  const machine = { category: "system", unit: "%", warn: 80, critical: 90, bad: "above" } as const;
  const risk = { category: "risk", unit: "%", bad: "above" } as const;
  return [
    { ...risk, id: "daily-loss", what: "Daily loss", value: -now.dailyPnlPercent, warn: 2.4, critical: 3 },
    { ...risk, id: "drawdown", what: "Drawdown", value: now.drawdownPercent, warn: 9.6, critical: 12 },
    { ...machine, id: "cpu", what: "CPU usage", value: figures.cpu_percent },
    { ...machine, id: "memory", what: "Memory usage", value: figures.memory_percent },
    {
      id: "api-errors",
      category: "exchange",
      what: "Exchange API error rate",
      unit: "%",
      value: figures.api_error_percent,
      warn: 10,
      bad: "above",
    },
    {
      id: "inference",
      category: "model",
      what: "Model inference time",
      unit: "ms",
      value: figures.inference_ms,
      warn: 500,
      critical: 1_000,
      bad: "above",
    },
    {
      id: "confidence",
      category: "model",
      what: "Average model confidence",
      unit: "%",
      value: figures.confidence_percent,
      warn: 60,
      bad: "below",
    },
    ...[...Array(now.lagging).keys()].map((stream) => ({
      id: `stream-${stream}`,
      category: "exchange" as const,
      what: `Lag of stream ${stream}`,
      unit: "s",
      // One in twenty is far behind.
      value: stream % 20 === 0 ? 40 : 9,
      warn: 5,
      critical: 30,
      bad: "above" as const,
    })),
  ];
}

/** The alerts that are active now. An alert keeps its start for as long as it stays active. */
export class Watch {
  readonly #since = new Map<string, number>();
  #active: readonly Alert[] = [];

  get active(): readonly Alert[] {
    return this.#active;
  }

  /** Reads the figures again. Returns the alerts that are new or became worse. */
  look(measured: readonly Measured[], isTraderDown: boolean, now: number): readonly Alert[] {
    const before = new Map(this.#active.map((alert) => [alert.id, alert.severity]));
    const found = measured.flatMap((each) => this.#judge(each, now));
    if (isTraderDown) found.push(this.#raise(downAlert, now));
    for (const id of this.#since.keys()) {
      if (!found.some((alert) => alert.id === id)) this.#since.delete(id);
    }
    this.#active = found;
    return found.filter((alert) => before.get(alert.id) !== alert.severity && before.get(alert.id) !== "critical");
  }

  #judge(each: Measured, now: number): readonly Alert[] {
    const isPast = (limit: number): boolean => (each.bad === "above" ? each.value >= limit : each.value < limit);
    const isCritical = each.critical !== undefined && isPast(each.critical);
    // An active alert ends only a little on the good side of its limit: a figure that hovers must not flap.
    const slack = this.#since.has(each.id) ? 0.03 * each.warn : 0;
    const isWarning = isPast(each.warn + (each.bad === "above" ? -slack : slack));
    if (!isCritical && !isWarning) return [];
    const threshold = isCritical && each.critical !== undefined ? each.critical : each.warn;
    const value = round(each.value, 2);
    const message = `${each.what} is ${value} ${each.unit}, ${each.bad} the limit of ${threshold} ${each.unit}`;
    const severity = isCritical ? "critical" : "warning";
    return [this.#raise({ id: each.id, category: each.category, severity, message, value, threshold }, now)];
  }

  #raise(alert: Omit<Alert, "since">, now: number): Alert {
    const since = this.#since.get(alert.id) ?? now;
    this.#since.set(alert.id, since);
    return { ...alert, since: new Date(since).toISOString() };
  }
}

const downAlert: Omit<Alert, "since"> = {
  id: "trading-system-down",
  category: "system",
  severity: "critical",
  message: "Trading system is not responding",
  value: 0,
  threshold: 1,
};
