import { type Random, round, wander } from "../random.ts";

interface Course {
  readonly home: number;
  readonly pull: number;
  readonly noise: number;
  readonly least: number;
  readonly most: number;
  readonly decimals: number;
}

/** Where each figure lives in calm times and how far a second moves it. The names end in their unit. */
const courses = {
  cpu_percent: { home: 36, pull: 0.05, noise: 1.6, least: 3, most: 100, decimals: 1 },
  memory_percent: { home: 54, pull: 0.01, noise: 0.15, least: 10, most: 100, decimals: 1 },
  disk_percent: { home: 61, pull: 0.001, noise: 0.004, least: 1, most: 100, decimals: 1 },
  api_response_ms: { home: 140, pull: 0.2, noise: 18, least: 20, most: 60_000, decimals: 0 },
  api_error_percent: { home: 0.8, pull: 0.05, noise: 0.12, least: 0, most: 100, decimals: 2 },
  inference_ms: { home: 46, pull: 0.2, noise: 5, least: 4, most: 60_000, decimals: 1 },
  confidence_percent: { home: 69, pull: 0.01, noise: 0.42, least: 5, most: 99, decimals: 1 },
} as const satisfies Readonly<Record<string, Course>>;

export type FigureName = keyof typeof courses;
export type Figures = Readonly<Record<FigureName, number>>;

/** Figures to hold still; null lets one go. */
export type Pins = { readonly [Name in FigureName]?: number | null | undefined };

const figureNames: readonly FigureName[] = [
  "cpu_percent",
  "memory_percent",
  "disk_percent",
  "api_response_ms",
  "api_error_percent",
  "inference_ms",
  "confidence_percent",
];

/** The trader's machine, model and exchange connection in numbers. */
export class Gauges {
  readonly #random: Random;
  readonly #values = new Map<FigureName, number>();
  #pinned: Pins = {};

  constructor(random: Random) {
    this.#random = random;
    for (const name of figureNames) this.#values.set(name, courses[name].home + courses[name].noise * random.normal());
  }

  /** One second on. */
  tick(): void {
    for (const name of figureNames) {
      const course = courses[name];
      const next = wander(this.#values.get(name) ?? course.home, course, this.#random);
      this.#values.set(name, Math.min(course.most, Math.max(course.least, next)));
    }
  }

  /** These figures stand still at these values, beside those that do already; the others move on. `{}` lets all go. */
  pin(figures: Pins): void {
    this.#pinned = Object.keys(figures).length === 0 ? {} : { ...this.#pinned, ...figures };
  }

  read(): Figures {
    const value = (name: FigureName): number => {
      const { home, decimals } = courses[name];
      return this.#pinned[name] ?? round(this.#values.get(name) ?? home, decimals);
    };
    return {
      cpu_percent: value("cpu_percent"),
      memory_percent: value("memory_percent"),
      disk_percent: value("disk_percent"),
      api_response_ms: value("api_response_ms"),
      api_error_percent: value("api_error_percent"),
      inference_ms: value("inference_ms"),
      confidence_percent: value("confidence_percent"),
    };
  }
}
