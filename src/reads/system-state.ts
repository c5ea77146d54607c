import type { Alerts } from "../domain/alerts/alert.ts";
import type { HealthChecks } from "../domain/systems/health.ts";
import type { System } from "../domain/systems/system.ts";
import type { SystemState } from "../domain/systems/system-state.ts";

/** Asks a system how it is: every check, fact and alert source at once, live. */
export async function systemState(
  ports: { readonly systems: { readonly health: HealthChecks }; readonly alerts: Alerts },
  system: System,
): Promise<SystemState> {
  const [{ components, facts }, alerts] = await Promise.all([
    ports.systems.health.check(system),
    ports.alerts.active(system),
  ]);
  return { system, components, facts, alerts };
}
