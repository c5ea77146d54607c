import type { RequestState } from "../domain/approvals/request.ts";
import type { Store } from "../domain/store.ts";
import type { Planner } from "../domain/systems/plan-operation.ts";
import type { Emptied, SystemState } from "../domain/systems/system-state.ts";
import { type ListedRequest, requestsOfSystemUntil } from "../records/request.ts";

/** What has changed something, or may have. */
const mayHaveScaled: readonly RequestState[] = ["EXECUTING", "SUCCEEDED", "PARTIAL", "UNKNOWN"];

/** How a system is, with what scaled those of its parts to none that are so: a request, or nobody that is known of. */
export async function withEmptied(
  { store, systems }: { readonly store: Pick<Store, "list" | "now">; readonly systems: { readonly planner: Planner } },
  state: SystemState,
): Promise<SystemState> {
  const parts = state.components.flatMap(({ title, reading }) =>
    reading.ok || reading.emptied === undefined ? [] : [{ title, scaled: reading.emptied }],
  );
  if (parts.length === 0) return state;
  const newest = (await requestsOfSystemUntil(store, state.system.id, await store.now()))
    .filter(({ request }) => mayHaveScaled.includes(request.state))
    .toSorted((a, b) => b.request.stateAt - a.request.stateAt);
  const found = parts.map(({ title, scaled }) => ({ title, by: whatEmptied(systems.planner, newest, scaled) }));
  const groups = Map.groupBy(found, ({ by }) => by?.request.code);
  return {
    ...state,
    emptied: [...groups.values()].map((group): Emptied => {
      const by = group[0]?.by;
      return { titles: group.map(({ title }) => title), ...(by && { by: told(by) }) };
    }),
  };
}

/** The newest that scaled it, where that was to none: else somebody did it since by other means. */
function whatEmptied(
  planner: Planner,
  newestFirst: readonly ListedRequest[],
  scaled: string,
): ListedRequest | undefined {
  for (const each of newestFirst) {
    const to = each.sealed.plan.steps.map((step) => planner.sizes(step)[scaled]).findLast((n) => n !== undefined);
    if (to !== undefined) return to === 0 ? each : undefined;
  }
  return undefined;
}

function told({ request, sealed }: ListedRequest): NonNullable<Emptied["by"]> {
  return { code: request.code, operation: sealed.operation, name: sealed.requester.name, at: request.stateAt };
}
