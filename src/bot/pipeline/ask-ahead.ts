import { type Account, personOf } from "../../domain/people/person.ts";
import type { Policy } from "../../domain/people/policy.ts";
import { type HealthChecks, urgentReadMs } from "../../domain/systems/health.ts";
import type { Systems } from "../../domain/systems/system.ts";
import { isUrgentAsking } from "./is-question.ts";
import type { Routed } from "./route.ts";

/**
 * The systems, for one delivery. Where it asks for what is urgent, the system is asked at once who it is, and what it says is
 * taken when it is needed: who asks and what is asked are found out side by side, so that one silence is waited for and not
 * two. Nothing is asked for an account that nobody owns.
 */
export function askedAhead<Ports extends Pick<Systems, "find"> & { readonly health: HealthChecks }>(
  systems: Ports,
  account: Account,
  { routed, policy }: { readonly routed: Routed; readonly policy: Policy },
): Ports {
  if (routed.kind !== "ready" || !isUrgentAsking(routed) || !personOf(account, policy.people)) return systems;
  const { systemField } = routed.command;
  const named = systemField === undefined ? undefined : routed.values[systemField];
  const system = typeof named === "string" ? systems.find(named) : undefined;
  if (!system) return systems;
  const { health } = systems;
  // Which operation it is is known later: those that are urgent mostly go through the same backends.
  const ahead = new Map(
    Object.values(system.operations)
      .filter(({ urgent }) => urgent)
      .map(({ through = [] }) => [JSON.stringify(through), through] as const),
  );
  const identities = new Map(
    [...ahead].map(([key, through]) => [key, health.identify(system, { withinMs: urgentReadMs, through })]),
  );
  const asked: HealthChecks = {
    check: (other) => health.check(other),
    identify: (other, about) =>
      (other.id === system.id && identities.get(JSON.stringify(about?.through ?? []))) || health.identify(other, about),
  };
  return { ...systems, health: asked };
}
