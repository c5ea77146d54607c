import type { Watched } from "../alerts/alert.ts";
import type { BackendFault } from "../failure.ts";
import { componentHealth } from "./health.ts";
import type { MissingInstances } from "./metrics.ts";
import type { FailedReading } from "./reading.ts";
import type { SystemState } from "./system-state.ts";

/** Something that could not be read, or not on every instance. */
export interface Unread {
  readonly system: string;
  /** What people call it. */
  readonly what: string;
  readonly failure: FailedReading;
}

/** One cause, with all that could not be read because of it. */
export interface UnreadCause {
  readonly system: string;
  readonly names: readonly string[];
  readonly fault: BackendFault;
  /** What went wrong, in words fit for a card. */
  readonly said: string;
}

/** Everything of a system that could not be read, each once: what rests on a metric or fact is told with it. */
export function unreadOf(state: SystemState): readonly Unread[] {
  const { system, components, facts, metrics, alerts } = state;
  const of = (what: string, failure: FailedReading): Unread => ({ system: system.id, what, failure });
  return [
    ...components.flatMap((each) =>
      !each.reading.ok && componentHealth(each) === "unknown" ? [of(each.title, each.reading)] : [],
    ),
    ...facts.flatMap(({ title, reading }) => (reading.ok ? [] : [of(title, reading)])),
    ...metrics.flatMap(({ id, reading, missing, stopped }) => {
      if (stopped) return [];
      const title = system.metrics.find((metric) => metric.id === id)?.title ?? id;
      if (!reading.ok) return [of(title, reading)];
      return missing ? missing.failures.map((failure) => of(`${title} (${shareWords(missing)})`, failure)) : [];
    }),
    ...unreadWatches(
      system.id,
      alerts.filter(({ rests }) => !rests),
    ),
  ];
}

/** Could it not be read, or not on every instance that is to run? */
export function isUnread({ reading, missing, stopped }: Watched): boolean {
  return stopped !== true && (!reading.ok || missing !== undefined);
}

/** What is watched and could not be read, or not on every instance: it may be firing. */
export function unreadWatches(system: string, alerts: readonly Watched[]): readonly Unread[] {
  return alerts.filter(isUnread).flatMap(({ source, reading, missing }) => {
    if (!reading.ok) return [{ system, what: source, failure: reading }];
    return (missing?.failures ?? []).map((failure) => ({
      system,
      what: missing ? `${source} (${shareWords(missing)})` : source,
      failure,
    }));
  });
}

/** `2 of 3 instances`: how many were read. */
export function shareWords({ failures, of }: MissingInstances): string {
  return `${of - failures.length} of ${of} instances`;
}

/** The causes, one each however much hangs on it: one dead service takes many values with it, and a phone has few lines. */
export function unreadCauses(unread: readonly Unread[]): readonly UnreadCause[] {
  const groups = Map.groupBy(unread, ({ system, failure }) => `${system}\n${causeKey(failure)}`);
  return [...groups.values()].flatMap((all): UnreadCause[] => {
    const [first] = all;
    if (!first) return [];
    const { fault, cause, detail } = first.failure;
    const isOne = all.every(({ failure }) => failure.detail === detail);
    return [
      {
        system: first.system,
        names: [...new Set(all.map(({ what }) => what))],
        fault,
        said: cause && !isOne ? `${cause.origin} ${cause.reason}` : detail,
      },
    ];
  });
}

/** Nothing that is asked there can be answered, whatever it is. */
const ofTheWhole: readonly BackendFault[] = ["unreachable", "timeout", "overloaded", "unauthorised"];

function causeKey({ fault, cause, detail }: FailedReading): string {
  if (!cause) return detail;
  return `${cause.origin}\n${ofTheWhole.includes(fault) ? fault : cause.reason}`;
}
