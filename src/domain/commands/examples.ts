import type { Argument } from "../systems/operation.ts";
import type { System } from "../systems/system.ts";

/**
 * What may stand in braces in an example of a command: `metrics {system} {metric}`. All of one example are of one system,
 * the first of which each is known. `{portfolio}` and `{logs}` are a system that has one, `{field}` is one that `{source}` shows; `{digest}` is a digest of a system; `{queries}` is a system that has one, `{query}` is one of them; `{short}` is an operation with a
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
  const { id, metrics, logs, portfolio, queries, digests } = system;
  const [digest] = digests;
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
    digest: digest && `${id}-${digest.id}`,
    operation: short ?? operations[0]?.[0],
    short,
  };
}

/** An example, and the system that it names. */
export interface SpreadExample {
  readonly text: string;
  readonly system?: string;
}

/**
 * One example for each of these, spread over the systems: of those that name one the first whose system stood in the fewest before it.
 * One that names a system outside `usable` is left out. Undefined where none is left.
 */
export function spreadExamples(
  all: readonly { readonly examples: readonly string[]; readonly usable: readonly string[] }[],
  systems: readonly string[],
): readonly (SpreadExample | undefined)[] {
  const stood = new Map<string, number>();
  const timesOf = ({ system }: SpreadExample): number => (system === undefined ? 0 : (stood.get(system) ?? 0));
  return all.map(({ examples, usable }) => {
    const fit = examples.flatMap((text): SpreadExample[] => {
      const system = text.split(/[\s=",:]+/).find((word) => systems.includes(word));
      if (system === undefined) return [{ text }];
      return usable.includes(system) ? [{ text, system }] : [];
    });
    const [least] = fit.toSorted((a, b) => timesOf(a) - timesOf(b));
    if (least?.system !== undefined) stood.set(least.system, timesOf(least) + 1);
    return least;
  });
}

/** As many as an example asks for, where there may be so many. */
const usualCount = 3;

/** What has to be given, as an example: what only its system knows stands as `…`. */
export function exampleArguments(given: Readonly<Record<string, Argument>>): string {
  return Object.entries(given)
    .filter(([, { required }]) => required)
    .map(([name, argument]) => `${name}:${exampleValue(argument)} `)
    .join("");
}

function exampleValue({ type, choices = [], min = 0, max = usualCount }: Argument): string {
  if (type === "integer") return String(Math.max(min, Math.min(max, usualCount)));
  const [first = "…"] = choices;
  return /\s/.test(first) ? `"${first}"` : first;
}
