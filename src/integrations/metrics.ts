import { type Backend, serving } from "../domain/systems/backend.ts";
import type { Metric, MetricReading, Metrics, Reliance } from "../domain/systems/metrics.ts";
import type { Look } from "../domain/systems/reading.ts";
import type { System } from "../domain/systems/system.ts";
import { missing, take } from "./wire/reading.ts";

const deadlineMs = 3_000;
/** Somebody waits for what they have just thought of, and it may be heavier than what a file asks. */
const expressionDeadlineMs = 8_000;

/** Reads metrics of the backends that expose them. */
export function createMetrics({ backends }: { readonly backends: readonly Backend[] }): Metrics {
  return {
    read(system, ids) {
      const wanted = system.metrics.filter((metric) => ids === undefined || ids.includes(metric.id));
      const look: Look = { system: system.id, deadlineMs, round: {} };
      return Promise.all(wanted.map((metric) => readMetric(backends, metric, look)));
    },
    async course(system, id, from) {
      const source = system.metrics.find((metric) => metric.id === id)?.source;
      const metric = source && serving(backends, source.backend, "metric");
      const { course } = metric ?? {};
      if (!source || !course) return undefined;
      const look = { system: system.id, deadlineMs, round: {}, from };
      return take(async () => ({ value: await course(source.spec, look) }));
    },
    askable: (system) => askableOf(backends, system).map(({ name }) => name),
    async ask(system, name, expression) {
      const found = askableOf(backends, system).find((each) => each.name === name);
      if (!found) return missing(`${system.title} has no backend ${name} that expressions can be asked of`);
      const look = { system: system.id, deadlineMs: expressionDeadlineMs, round: {}, ...expression };
      return take(() => found.ask(found.connection, look));
    },
    async ruleBehind(system, link) {
      const look = { system: system.id, deadlineMs, round: {}, link };
      const asked = askableOf(backends, system).map(async ({ name, connection, ruleBehind }) => {
        const read = await take(async () => ({ value: await ruleBehind?.(connection, look) }));
        return read.ok && read.value ? [{ backend: name, expression: read.value }] : [];
      });
      const [only, ...others] = (await Promise.all(asked)).flat();
      // The same rule says another thing where it is of another place.
      return others.length === 0 ? only : undefined;
    },
  };
}

interface Askable {
  readonly name: string;
  readonly connection: unknown;
  readonly ask: NonNullable<NonNullable<Backend["metric"]>["ask"]>;
  readonly ruleBehind: NonNullable<Backend["metric"]>["ruleBehind"];
}

function askableOf(backends: readonly Backend[], { backends: declared = {} }: System): readonly Askable[] {
  return Object.entries(declared).flatMap(([name, { kind, connection }]) => {
    const metric = backends.find((each) => each.name === kind)?.metric;
    return metric?.ask ? [{ name, connection, ask: metric.ask, ruleBehind: metric.ruleBehind }] : [];
  });
}

async function readMetric(backends: readonly Backend[], { id, source }: Metric, look: Look): Promise<MetricReading> {
  let reliance: Reliance = {};
  const reading = await take(async () => {
    const {
      missing: absent,
      isFloor,
      ...taken
    } = await serving(backends, source.backend, "metric").read(source.spec, look);
    reliance = { ...(absent && { missing: absent }), ...(isFloor && { isFloor }) };
    return taken;
  });
  return { id, reading, ...reliance };
}
