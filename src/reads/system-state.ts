import type { Alerts } from "../domain/alerts/alert.ts";
import { inTurns } from "../domain/in-turns.ts";
import type { Store } from "../domain/store.ts";
import type { HealthChecks } from "../domain/systems/health.ts";
import type { Metrics } from "../domain/systems/metrics.ts";
import type { Planner } from "../domain/systems/plan-operation.ts";
import { withoutStopped } from "../domain/systems/stopped-parts.ts";
import type { System } from "../domain/systems/system.ts";
import { type SystemState, watchedFacts } from "../domain/systems/system-state.ts";
import { withEmptied } from "./emptied.ts";

/** What is asked to see how systems are. */
export interface StatePorts {
  readonly store: Pick<Store, "list" | "now">;
  readonly systems: { readonly health: HealthChecks; readonly metrics: Metrics; readonly planner: Planner };
  readonly alerts: Alerts;
}

/**
 * Asks a system how it is: every check, fact, metric and alert source at once, live; then, where parts are down, which request left them
 * so. What hangs on those alone is not missed.
 */
export async function systemState(ports: StatePorts, system: System): Promise<SystemState> {
  const { systems, alerts } = ports;
  const read = Promise.all([systems.health.check(system), systems.metrics.read(system)]);
  const [[{ components, facts }, metrics], listed, judged] = await Promise.all([
    read,
    alerts.listed(system),
    read.then(([checked, measured]) => alerts.judged(system, { ...checked, metrics: measured })),
  ]);
  const watched = [...listed, ...judged, ...watchedFacts(system, facts)];
  return withoutStopped(await withEmptied(ports, { system, components, facts, metrics, alerts: watched }));
}

/**
 * As many systems are looked at at once. Each is some ten calls, and a process that begins thousands of them together comes to
 * none in time: all would be called down. One that hangs takes one place.
 */
const mostAtOnce = 40;

/** How several systems are, in the order in which they are given. */
export function systemStates(ports: StatePorts, systems: readonly System[]): Promise<readonly SystemState[]> {
  return inTurns(systems, mostAtOnce, (system) => systemState(ports, system));
}
