import type { Place } from "../messages/place.ts";
import { componentHealth } from "./health.ts";
import { activeIn, type SystemState, standingOf } from "./system-state.ts";

/** A system whose changes are told for a bounded time where that was asked for. Times are the store's, in ms. */
export interface StatusWatch {
  readonly id: string;
  readonly system: string;
  readonly title: string;
  readonly by: { readonly person: string; readonly name: string };
  readonly place: Place;
  readonly until: number;
  /** What was last seen of each part, by its title. */
  readonly seen: Readonly<Record<string, string>>;
  /** Messages so far. */
  readonly told: number;
  readonly ended?: boolean;
}

/** What was told at one time: only what changed. */
export interface StatusChange {
  readonly watch: string;
  readonly number: number;
  readonly title: string;
  readonly at: number;
  readonly changes: readonly string[];
  readonly tone: "neutral" | "good" | "warning" | "bad" | "unknown";
  readonly isLast: boolean;
}

/** A message that says more than this is no news any more. */
const mostChanges = 25;

/** How a system stands, part by part in words: what fires stands under its own name. */
export function statusParts(state: SystemState): Readonly<Record<string, string>> {
  const parts: Record<string, string> = { "The whole": standingOf(state).health };
  for (const component of state.components) parts[component.title] = componentHealth(component);
  // Figures among facts change all the time, and have limits of their own where they matter.
  for (const { title, severity, reading } of state.facts)
    if (reading.ok && typeof reading.value !== "number")
      parts[title] = `${String(reading.value)}${severity === undefined ? "" : `, which is ${severity}`}`;
  for (const { summary, severity } of activeIn(state)) parts[`Alert: ${summary}`] = `fires (${severity})`;
  return parts;
}

/** What is otherwise than before, in words. */
export function changesBetween(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changes = names.flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    if (was === is) return [];
    if (was === undefined) return [`${name}: ${is ?? ""}`];
    return [`${name}: ${was} → ${is ?? "is over or not known any more"}`];
  });
  const more = changes.length - mostChanges;
  return more > 0 ? [...changes.slice(0, mostChanges), `and ${more} more changes`] : changes;
}
