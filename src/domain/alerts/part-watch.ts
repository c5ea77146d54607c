import { componentHealth } from "../systems/health.ts";
import { adviceOf, type SystemState } from "../systems/system-state.ts";

/** So much of what a part says of itself is told. */
const mostSaid = 200;

/** A part of a system, as one look found it. */
export interface PartSeen {
  /** What its alert is called: `instance-2-down`, or `api-impaired` where it does its work and something of it is wrong. */
  readonly name: string;
  readonly is: "well" | "unwell" | "unknown";
  /** Without it the whole system is down, which is told as that. */
  readonly isVital: boolean;
  readonly summary: string;
  readonly hint: string;
}

/** Every part in both ways in which it can be unwell. One that a request stopped is as it was meant to be. */
export function partsSeen({ system, components, emptied = [] }: SystemState): readonly PartSeen[] {
  const meant = emptied.flatMap(({ titles, by }) => (by ? titles : []));
  return components.flatMap((part): readonly PartSeen[] => {
    const { id, title, weight, reading } = part;
    const is = componentHealth(part);
    const hint = adviceOf(system.id, system.health.find((check) => check.id === id) ?? {});
    const said = (reading.ok ? reading.value.detail : reading.detail).slice(0, mostSaid);
    const seen = (unwell: "down" | "degraded") =>
      is === unwell && !meant.includes(title) ? "unwell" : is === "unknown" ? "unknown" : "well";
    return [
      {
        name: `${id}-down`,
        is: seen("down"),
        isVital: weight === "critical",
        summary: `${title} is down: ${said}`,
        hint,
      },
      { name: `${id}-impaired`, is: seen("degraded"), isVital: false, summary: `${title} is impaired: ${said}`, hint },
    ];
  });
}

/** How many looks in a row found each part unwell, up to as many as it takes; of one that could not be seen, what it was. */
export function unwellLooks(
  parts: readonly PartSeen[],
  before: Readonly<Record<string, number>>,
  most: number,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    parts.flatMap(({ name, is }) => {
      const known = before[name] ?? 0;
      const count = is === "unwell" ? Math.min(known + 1, most) : is === "unknown" ? known : 0;
      return count === 0 ? [] : [[name, count] as const];
    }),
  );
}

/** What to do where the system is down: what each vital part that is down says. */
export function wayUp(system: string, parts: readonly PartSeen[]): string {
  const hints = parts.flatMap(({ is, isVital, hint }) => (is === "unwell" && isVital ? [hint] : []));
  return [...new Set(hints)].slice(0, 3).join(" ") || adviceOf(system, {});
}
