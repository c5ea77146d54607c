import type { RequestState } from "../domain/approvals/request.ts";
import type { Store } from "../domain/store.ts";
import { componentHealth } from "../domain/systems/health.ts";
import type { Planner } from "../domain/systems/plan-operation.ts";
import type { Left } from "../domain/systems/steps.ts";
import type { Emptied, SystemState } from "../domain/systems/system-state.ts";
import { type ListedRequest, requestsOfSystemUntil } from "../records/request.ts";

/** What has changed something, or may have. */
const mayHaveChanged: readonly RequestState[] = ["EXECUTING", "SUCCEEDED", "PARTIAL", "UNKNOWN"];

/** Something that is down, or not as expected. */
interface Wrong {
  readonly id: string;
  readonly title: string;
  /** What it is called where steps scale, stop or start it. */
  readonly scaled: string | undefined;
  /** There is none of it, whoever did that. */
  readonly isEmpty: boolean;
  readonly isFact: boolean;
}

type Cause = Pick<Emptied, "how"> & { readonly by?: ListedRequest };

/** How a system is, with what scaled its parts to none, stopped them, or set its facts so: a request, or nobody that is known of. */
export async function withEmptied(
  { store, systems }: { readonly store: Pick<Store, "list" | "now">; readonly systems: { readonly planner: Planner } },
  state: SystemState,
): Promise<SystemState> {
  const wrong = wrongIn(state);
  if (wrong.length === 0) return state;
  const newest = (await requestsOfSystemUntil(store, state.system.id, await store.now()))
    .filter(({ request }) => mayHaveChanged.includes(request.state))
    .toSorted((a, b) => b.request.stateAt - a.request.stateAt);
  const found = wrong.flatMap((each) => {
    const cause = causeOf(systems.planner, newest, each);
    return cause ? [{ title: each.title, cause }] : [];
  });
  const groups = Map.groupBy(found, ({ cause: { how, by } }) => `${how} ${by?.request.code}`);
  const emptied = [...groups.values()].flatMap((group): Emptied[] => {
    const [first] = group;
    if (!first) return [];
    const { how, by } = first.cause;
    return [{ titles: group.map(({ title }) => title), how, ...(by && { by: told(by) }) }];
  });
  return emptied.length === 0 ? state : { ...state, emptied };
}

function wrongIn({ system, components, facts }: SystemState): readonly Wrong[] {
  const parts = components.flatMap(({ id, title, reading, through }): Wrong[] => {
    const emptied = reading.ok ? undefined : reading.emptied;
    if (emptied === undefined && componentHealth({ reading, ...(through !== undefined && { through }) }) !== "down")
      return [];
    const scaled = emptied ?? system.health.find((check) => check.id === id)?.scaled;
    return [{ id, title, scaled, isEmpty: emptied !== undefined, isFact: false }];
  });
  const unexpected = facts.flatMap(({ id, title, severity }): Wrong[] =>
    severity === undefined ? [] : [{ id, title, scaled: undefined, isEmpty: false, isFact: true }],
  );
  const explained = Object.values(system.operations).flatMap(({ explains }) => Object.keys(explains));
  return [...parts, ...unexpected].filter(
    ({ id, scaled, isEmpty }) => isEmpty || scaled !== undefined || explained.includes(id),
  );
}

/** Undefined where nothing is known to have done it, and it may have come to it by itself. */
function causeOf(planner: Planner, newestFirst: readonly ListedRequest[], wrong: Wrong): Cause | undefined {
  // It was started since, so that only where there was none to start something else may still explain it.
  let isStarted = false;
  for (const each of newestFirst) {
    const { plan } = each.sealed;
    const explains = plan.explains?.[wrong.id];
    if (explains !== undefined) return explains ? { how: wrong.isFact ? "set" : "stopped", by: each } : undefined;
    const left = leftOf(planner, each, wrong.scaled);
    if (left === 0) return { how: "scaled to 0", by: each };
    if (typeof left === "number") break;
    if (left === "stopped" && !isStarted && !wrong.isEmpty) return { how: "stopped", by: each };
    if (left === "started") isStarted = true;
  }
  // What there is none of was scaled to none by somebody.
  return wrong.isEmpty ? { how: "scaled to 0" } : undefined;
}

function leftOf(planner: Planner, { sealed }: ListedRequest, scaled: string | undefined): Left | undefined {
  if (scaled === undefined) return undefined;
  return sealed.plan.steps.map((step) => planner.leaves(step)[scaled]).findLast((left) => left !== undefined);
}

function told({ request, sealed }: ListedRequest): NonNullable<Emptied["by"]> {
  const { code, stateAt: at, reason } = request;
  return { code, operation: sealed.operation, name: sealed.requester.name, at, reason };
}
