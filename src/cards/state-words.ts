import { limitsOf } from "../domain/alerts/alert-rule.ts";
import { askedWords, isUrgent, type Request, type Sealed } from "../domain/approvals/request.ts";
import { isSettleable } from "../domain/approvals/settle-rules.ts";
import type { Tone } from "../domain/messages/card.ts";
import { componentHealth, healthOf, toneOfReading, worstComponent } from "../domain/systems/health.ts";
import type { Metric, MetricReading } from "../domain/systems/metrics.ts";
import { activeIn, type SystemState, soonIn } from "../domain/systems/system-state.ts";
import { isUnread, type UnreadCause, unreadCauses, unreadOf } from "../domain/systems/unread.ts";
import { ago, counted } from "../domain/text/quantities.ts";
import { metricValue } from "./metric-words.ts";
import { causeWords, couldNotBeRead } from "./unread.ts";

/** What hurts a system most, in a sentence's part; empty when nothing does. */
export function worstWords(state: SystemState, now: number): string {
  const words = [
    emptiedWords(state, now),
    componentWords(state),
    unknownWords(state),
    factWords(state),
    limitBrokenWords(state),
    unreadWords(state),
  ];
  return words.find((each) => each !== "") ?? "";
}

/** Which parts keep it from being known how a system is, and why they could not be read; empty while it is known. */
export function unknownWords(state: SystemState): string {
  if (healthOf(state.components, state.facts) !== "unknown") return "";
  if (state.components.length === 0) return "none of its parts is checked";
  const cause = mostUnread({ ...state, facts: [], metrics: [], alerts: [] });
  return cause ? couldNotBeRead(cause) : "";
}

/** What was scaled to none, stopped or set, and what did it: that comes before all that follows from it. Empty where nothing was. */
export function emptiedWords({ emptied = [] }: Pick<SystemState, "emptied">, now: number): string {
  return emptied
    .map(({ titles, how, by }) => {
      const [is, was] = titles.length === 1 ? ["is", "was"] : ["are", "were"];
      const names = titles.join(" and ");
      if (by === undefined) return `${names} ${is} ${how}, and no request here did it`;
      return `${names} ${was} ${how} by ${by.name}'s request ${by.code} (${by.operation}), ${ago(by.at, now)}`;
    })
    .join("; ");
}

/** Metrics that are past a limit, with how far. */
export function pastLimit({ system, metrics }: Pick<SystemState, "system" | "metrics">): readonly {
  readonly metric: Metric;
  readonly read: MetricReading;
  readonly tone: Tone;
}[] {
  return system.metrics.flatMap((metric) => {
    const read = metrics.find(({ id }) => id === metric.id);
    const tone = toneOfReading(limitsOf(metric, system.rules), read);
    return read && (tone === "bad" || tone === "warning") ? [{ metric, read, tone }] : [];
  });
}

/** How many alerts fire on these systems; what could not be read is said, because it may hold more. */
export function firingWords(states: readonly SystemState[]): string {
  const alerts = states.flatMap(({ alerts: watched }) => watched);
  if (alerts.length === 0) return "Nothing is watched for alerts";
  const count = states.flatMap(activeIn).length;
  const unread = alerts.filter(isUnread).length;
  const words = count === 0 ? "No alert is firing" : `${count} alert${count === 1 ? " is" : "s are"} firing`;
  const soon = states.flatMap(soonIn).length;
  if (unread === 0 && soon > 0)
    return `${words}${count === 0 ? " yet" : ""}, but ${counted(soon, "rule")} ${soon === 1 ? "is" : "are"} breached`;
  if (unread === 0) return `${words}${unwatchedWords(states)}`;
  return `${count === 0 ? "No alert is known to fire" : words}, but ${unread} of ${alerts.length} sources and rules could not be read`;
}

function unwatchedWords(states: readonly SystemState[]): string {
  const titles = states.filter((state) => state.alerts.length === 0).map(({ system }) => system.title);
  return titles.length === 0 ? "" : `, and nothing is watched of ${titles.join(", ")}`;
}

function componentWords({ components }: SystemState): string {
  const component = worstComponent(components);
  if (!component || componentHealth(component) === "unknown") return "";
  const { title, reading } = component;
  return `${title}: ${reading.ok ? reading.value.detail : reading.detail}`;
}

function factWords({ facts }: SystemState): string {
  const fact =
    facts.find(({ severity }) => severity === "critical") ?? facts.find(({ severity }) => severity !== undefined);
  return fact?.reading.ok ? `${fact.title} is ${String(fact.reading.value)}, not ${fact.expected ?? ""}` : "";
}

function limitBrokenWords(state: SystemState): string {
  const past = pastLimit(state);
  const worst = past.find(({ tone }) => tone === "bad") ?? past[0];
  if (!worst) return "";
  const more = past.length > 1 ? ` and ${past.length - 1} more past a limit` : "";
  return `${worst.metric.title} is ${metricValue(worst.metric, worst.read)}${more}`;
}

function unreadWords(state: SystemState): string {
  const cause = mostUnread(state);
  return cause ? causeWords(cause) : "";
}

/** Of what kept something from being read that on which most hangs. */
function mostUnread(state: SystemState): UnreadCause | undefined {
  return unreadCauses(unreadOf(state)).toSorted((a, b) => b.names.length - a.names.length)[0];
}

interface Asked {
  readonly request: Request;
  readonly sealed: Sealed;
}

/**
 * Of open requests those that have ended, nobody knows how, or stopped half-way, and stops that are not known to have stopped
 * anything yet: whatever else is well, that is not. A stop comes first.
 */
export function openOutcomes<Each extends Asked>(requests: readonly Each[]): readonly Each[] {
  const stops = requests.filter(isUnfinishedStop);
  return [...stops, ...requests.filter((each) => isSettleable(each.request.state) && !stops.includes(each))];
}

function isUnfinishedStop({ request, sealed }: Asked): boolean {
  const begins = request.state === "APPROVED" || request.state === "EXECUTING" || request.state === "UNKNOWN";
  return begins && (isUrgent(sealed) || sealed.permission === "stop");
}

/** Of what has an open outcome: `flatten 2F54D2 is unknown`. */
export function outcomeWords({ request, sealed }: Asked): string {
  return `${askedWords(sealed)} ${request.code} ${outcomeStands(request)}`;
}

function outcomeStands({ state }: Request): string {
  if (state === "PARTIAL") return "stopped half-way";
  return state === "UNKNOWN" ? "is unknown" : "is not done yet";
}

/** The first of what has an open outcome with its system, and how many more; undefined where nothing has one. */
export function outcomesTitle([first, ...more]: readonly Asked[]): string | undefined {
  if (!first) return undefined;
  return `${first.sealed.systemTitle}: ${outcomeWords(first)}${more.length === 0 ? "" : `, and ${more.length} more`}`;
}

/** What stopped half-way is known to be wrong, and a stop that is not done is seen to. */
export function outcomeTone({ request }: Asked): Tone {
  if (request.state === "PARTIAL") return "bad";
  return request.state === "UNKNOWN" ? "unknown" : "warning";
}
