import type { MissingInstances } from "./metrics.ts";
import type { FailedReading, Reading } from "./reading.ts";
import type { SystemState } from "./system-state.ts";

/**
 * How a system is, without what could not be read of parts that a request stopped and that it goes on without, as of one instance of
 * three: a fact of such a part is none, a value over several instances is one over those that are to run, and one that takes all of
 * them is not missed. Of a part that it cannot do without, as of a trader whose positions stay open, everything stays unknown.
 */
export function withoutStopped(state: SystemState): SystemState {
  const origins = stoppedOrigins(state);
  if (origins.length === 0) return state;
  const isOfStopped = ({ cause }: FailedReading): boolean => cause !== undefined && origins.includes(cause.origin);
  const isRead = ({ reading }: { readonly reading: Reading<unknown> }): boolean => reading.ok || !isOfStopped(reading);
  return {
    ...state,
    facts: state.facts.filter(({ reading }) => reading.ok || !isOfStopped(reading)),
    metrics: state.metrics.map(({ missing, ...each }) => ({
      ...each,
      ...ofTheRest(missing, isOfStopped),
      ...(!isRead(each) && { stopped: true as const }),
    })),
    // What rests on such a metric is judged on those that run; a fact of the part is watched again once that runs.
    alerts: state.alerts
      .filter((each) => !each.source.startsWith("fact ") || isRead(each))
      .map(({ missing, ...each }) => ({
        ...each,
        ...ofTheRest(missing, isOfStopped),
        ...(!isRead(each) && { stopped: true }),
      })),
  };
}

/** Host and port of each part that a request stopped and that its system goes on without. */
function stoppedOrigins({ components, emptied = [] }: SystemState): readonly string[] {
  const stopped = emptied.flatMap(({ titles, by }) => (by ? titles : []));
  return components.flatMap(({ title, weight, reading }) =>
    weight !== "critical" && stopped.includes(title) && !reading.ok && reading.cause ? [reading.cause.origin] : [],
  );
}

function ofTheRest(
  missing: MissingInstances | undefined,
  isOfStopped: (failure: FailedReading) => boolean,
): { readonly missing?: MissingInstances } {
  const failures = missing?.failures.filter((failure) => !isOfStopped(failure)) ?? [];
  if (!missing || failures.length === 0) return {};
  return { missing: { failures, of: missing.of - (missing.failures.length - failures.length) } };
}
