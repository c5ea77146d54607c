import { createControl } from "../control.ts";
import { type Answer, type Call, DemoService } from "../service.ts";
import { answerLabels, answerQuery, answerRange, answerSeries, earliestAsked, success } from "./answers.ts";
import { alertsOf, type Rule } from "./rules.ts";
import { Samples } from "./samples.ts";
import { fillPast, scrape, type Target } from "./scrape.ts";

/** How often it scrapes, as most do. */
const everyMs = 15_000;
/** As far back as it knows when it is first asked, and where that asks for what was longer ago. */
const [latelyMs, pastMs] = [10 * 60_000, 3 * 3_600_000];
/** What was longer ago is known by the minute: nothing asks for a rate over less than five. */
const longAgoEveryMs = 60_000;
/** So many points of each series are kept: six hours. */
const mostPoints = 1_440;

export interface PrometheusDemo {
  readonly service: DemoService;
  /** Scrapes where that is due. Cheap where it is not. */
  tick(at: number): void;
}

export interface PrometheusOptions {
  readonly port: number;
  readonly now: () => number;
  readonly targets: readonly Target[];
  readonly rules: readonly Rule[];
}

/** Stands for a Prometheus over the demo's services, for the part of PromQL that the demo's own files use. Opens nothing yet. */
export function createPrometheus(options: PrometheusOptions): PrometheusDemo {
  const door = new Door(options);
  const service: DemoService = new DemoService({
    name: "prometheus",
    port: options.port,
    answer: (call) => door.answer(call),
    lie: (_call, truth) => ({ ...truth, body: { status: "success", data: {} } }),
    control: createControl("prometheus", {
      services: () => [service],
      scene: () => ({ wrong: "it has no scenes: switch a fault on" }),
      describe: () => ({ targets: options.targets.map(({ job, instance }) => ({ job, instance })) }),
    }),
  });
  return { service, tick: (at) => door.tick(at) };
}

class Door {
  readonly #options: PrometheusOptions;
  readonly #samples = new Samples(mostPoints);
  readonly #began: number;
  #scrapedAt: number;
  #isUp: readonly boolean[];
  #lately: Promise<void> | undefined;
  #longAgo: Promise<void> | undefined;

  constructor(options: PrometheusOptions) {
    this.#options = options;
    this.#began = options.now();
    this.#scrapedAt = this.#began;
    this.#isUp = this.#scrape(this.#began);
  }

  tick(at: number): void {
    if (at - this.#scrapedAt < everyMs) return;
    this.#scrapedAt = at;
    this.#isUp = this.#scrape(at);
  }

  #scrape(at: number): boolean[] {
    return this.#options.targets.map((target) => scrape(this.#samples, target, at));
  }

  /** The past is made when somebody first asks for it: a start waits for nothing of it. */
  async answer(call: Call): Promise<Answer | undefined> {
    if (call.method !== "GET") return { status: 405, body: "GET it\n" };
    if (call.path === "/-/ready") return { status: 200, body: "Prometheus Server is Ready.\n" };
    const now = this.#options.now();
    await this.#knowFrom(earliestAsked(call, now));
    switch (call.path) {
      case "/api/v1/query":
        return answerQuery(call, this.#samples, now);
      case "/api/v1/query_range":
        return answerRange(call, this.#samples);
      case "/api/v1/series":
        return answerSeries(call, this.#samples);
      case "/api/v1/labels":
        return answerLabels(this.#samples);
      case "/api/v1/alerts":
        return success({ alerts: this.#options.rules.flatMap((rule) => this.#alerts(rule)) });
      case "/api/v1/rules":
        return success({ groups: [{ name: "demo", rules: this.#options.rules.map((rule) => this.#told(rule)) }] });
      case "/api/v1/targets":
        return success({ activeTargets: this.#targets(), droppedTargets: [] });
      case "/api/v1/metadata":
        return success(this.#metadata());
      default:
        return undefined;
    }
  }

  async #knowFrom(earliest: number): Promise<void> {
    const lately = this.#began - latelyMs;
    this.#lately ??= this.#fillPast({ from: lately, to: this.#began, everyMs });
    await this.#lately;
    if (earliest >= lately) return;
    this.#longAgo ??= this.#fillPast({ from: this.#began - pastMs, to: lately, everyMs: longAgoEveryMs });
    await this.#longAgo;
  }

  async #fillPast(span: Parameters<typeof fillPast>[2]): Promise<void> {
    for (const target of this.#options.targets) await fillPast(this.#samples, target, span);
  }

  #alerts(rule: Rule): ReturnType<typeof alertsOf> {
    return alertsOf(rule, this.#samples, { now: this.#options.now(), everyMs });
  }

  #told(rule: Rule): object {
    const { alert: name, expr: query, forMs, labels, annotations } = rule;
    const alerts = this.#alerts(rule);
    const state = alerts[0]?.state ?? "inactive";
    return { type: "alerting", name, query, duration: forMs / 1_000, labels, annotations, state, alerts, health: "ok" };
  }

  #targets(): object[] {
    return this.#options.targets.map(({ job, instance }, index) => ({
      labels: { job, instance },
      scrapePool: job,
      health: this.#isUp[index] ? "up" : "down",
      lastError: this.#isUp[index] ? "" : "it did not answer",
      lastScrape: new Date(this.#scrapedAt).toISOString(),
      scrapeInterval: `${everyMs / 1_000}s`,
    }));
  }

  #metadata(): Record<string, object[]> {
    const text = this.#options.targets.map((target) => target.read(this.#options.now()) ?? "").join("\n");
    const told = (word: string): Map<string, string> =>
      new Map(
        [...text.matchAll(new RegExp(`^# ${word} (\\S+) (.*)$`, "gm"))].map(([, name = "", said = ""]) => [name, said]),
      );
    const help = told("HELP");
    return Object.fromEntries(
      [...told("TYPE")].map(([name, type]) => [name, [{ type, help: help.get(name) ?? "", unit: "" }]]),
    );
  }
}
