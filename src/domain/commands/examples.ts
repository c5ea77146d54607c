import type { System } from "../systems/system.ts";

/**
 * What may stand in braces in an example of a command: `metrics {system} {metric}`. All of one example are of one system,
 * the first of which each is known. `{portfolio}` and `{logs}` are a system that has one, `{field}` is one that `{source}` shows; `{queries}` is a system that has one, `{query}` is one of them; `{short}` is an operation with a
 * command of its own.
 */
type Known = Readonly<Partial<Record<string, string>>>;

/** Examples in terms of what is configured. One that no configured system fits is left out. */
export function fillExamples(examples: readonly string[], systems: readonly System[]): readonly string[] {
  const known = systems.map(knownOf);
  return examples.flatMap((example) => (example.includes("{") ? firstFilled(example, known) : [example]));
}

function firstFilled(example: string, systems: readonly Known[]): string[] {
  const names = [...example.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
  const fit = systems.find((known) => names.every((name) => known[name] !== undefined));
  return fit ? [example.replaceAll(/\{(\w+)\}/g, (whole, name: string) => fit[name] ?? whole)] : [];
}

function knownOf(system: System): Known {
  const { id, metrics, logs, portfolio, queries } = system;
  const operations = Object.entries(system.operations);
  const short = operations.find(([, operation]) => operation.short)?.[0];
  return {
    system: id,
    metric: (metrics.find((metric) => metric.key) ?? metrics[0])?.id,
    logs: logs.length > 0 ? id : undefined,
    source: logs[0]?.id,
    field: logs[0]?.show[0],
    portfolio: portfolio && id,
    queries: queries.length > 0 ? id : undefined,
    query: queries[0]?.id,
    operation: short ?? operations[0]?.[0],
    short,
  };
}
