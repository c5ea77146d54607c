import type { Tone } from "../messages/card.ts";
import { peopleOnCall } from "../oncall/on-call.ts";
import { severityRank, severityTone } from "./firing.ts";
import type { LabelledAlert } from "./labelled-alert.ts";
import { type AlertLabels, labelIn, type Matcher, unmetBy } from "./matcher.ts";
import { whyNeverMuted } from "./never-muted.ts";
import { isWithin, weeklyWords } from "./quiet-time.ts";
import type { ExpectedRule, InhibitionRule, Route, RouteVerbosity, Routing } from "./routing.ts";
import { isOpenAt } from "./window-times.ts";

/** What one route does with an alert, and why. */
export interface RouteVerdict {
  readonly route: string;
  /** `passed`: a condition does not hold. `unasked`: one before it took the alert. `muted`: it takes it, and posts nothing. */
  readonly outcome: "passed" | "unasked" | "muted" | "told";
  readonly unmet?: Matcher;
  /** What keeps it from being posted. */
  readonly mutedBy?: string;
  /** It only tells what it would have done. */
  readonly shadow: boolean;
  readonly post?: Post;
}

/** How and where a route posts an alert. */
export interface Post {
  readonly channels: readonly string[];
  readonly mention: readonly string[];
  readonly tone: Tone;
  readonly owners: readonly string[];
  /** Alerts with these values share a message. */
  readonly group: AlertLabels;
  /** How long its first message waits for others of the group, in ms; what is critical does not wait. */
  readonly waitMs: number;
  readonly verbosity: RouteVerbosity;
}

export interface RouteDecision {
  /** Of every route, in order. */
  readonly verdicts: readonly RouteVerdict[];
  /** Ids of the channels that the alert is posted in, each once. */
  readonly channels: readonly string[];
  /** No route takes it: it goes to the operators' channels. */
  readonly toOperators: boolean;
  /** It is hidden behind another that fires. */
  readonly inhibitedBy?: { readonly rule: string; readonly source: AlertLabels };
  /** Rules that would hide it, were their source firing. */
  readonly couldInhibit: readonly InhibitionRule[];
  /** Why nothing may keep it from people. */
  readonly neverMuted?: string;
}

/**
 * Where an alert that fires at a time, in ms, goes and why, while others fire. What is never muted is posted whatever hours,
 * windows and verbosity say, and hidden only behind what is never muted either and cannot be hidden itself.
 */
export function routeAlert(
  routing: Routing,
  alert: LabelledAlert,
  at: number,
  firing: readonly LabelledAlert[] = [],
): RouteDecision {
  const neverMuted = whyNeverMuted(alert, routing.neverMuted);
  const rules = routing.inhibitions.filter((rule) => isTarget(rule, alert));
  const inhibitedBy = inhibitor({ rules, routing, firing }, alert);
  const verdicts = verdictsOn(routing, { alert, at, neverMuted });
  const taking = verdicts.filter(({ outcome, shadow }) => !shadow && (outcome === "told" || outcome === "muted"));
  const channels = taking.flatMap(({ outcome, post }) => (outcome === "told" && post ? post.channels : []));
  return {
    verdicts,
    channels: inhibitedBy ? [] : [...new Set(channels)],
    toOperators: taking.length === 0 && !inhibitedBy && !expectedBy(routing, alert),
    couldInhibit: inhibitedBy ? [] : rules,
    ...(inhibitedBy && { inhibitedBy }),
    ...(neverMuted !== undefined && { neverMuted }),
  };
}

interface Asked {
  readonly alert: LabelledAlert;
  readonly at: number;
  readonly neverMuted: string | undefined;
}

function verdictsOn(routing: Routing, asked: Asked): readonly RouteVerdict[] {
  let isTaken = false;
  return routing.routes.map((route): RouteVerdict => {
    const { id, shadow, match } = route;
    if (isTaken) return { route: id, shadow, outcome: "unasked" };
    const unmet = unmetBy(asked.alert.labels, match);
    if (unmet) return { route: id, shadow, outcome: "passed", unmet };
    // What a route in shadow takes goes on to those after it, as if it were not there.
    isTaken = !route.continue && !shadow;
    const mutedBy = asked.neverMuted === undefined ? mutedOn(routing, route, asked) : undefined;
    const post = postOf(routing, route, asked);
    return mutedBy === undefined
      ? { route: id, shadow, outcome: "told", post }
      : { route: id, shadow, outcome: "muted", mutedBy, post };
  });
}

/** What has to fire at all times is told where it does not, and nowhere while it does. */
export function expectedBy({ expected }: Routing, { labels }: LabelledAlert): ExpectedRule | undefined {
  return expected.find(({ match }) => unmetBy(labels, match) === undefined);
}

export function expectedWords({ id }: ExpectedRule): string {
  return `it is expected to fire at all times (${id})`;
}

/** What keeps a route from posting; undefined where nothing does. */
function mutedOn(routing: Routing, { mute, verbosity }: Route, { alert, at }: Asked): string | undefined {
  const { windows } = routing;
  const expected = expectedBy(routing, alert);
  if (expected) return expectedWords(expected);
  if (verbosity.firing !== "post") return `its verbosity for what fires is ${verbosity.firing}`;
  const hours = mute.find((each) => isWithin(each, at));
  if (hours) return `it is quiet ${weeklyWords(hours)}`;
  const window = windows.find((each) => unmetBy(alert.labels, each.match) === undefined && isOpenAt(each, at));
  return window && `the window ${window.id} is open`;
}

function postOf(routing: Routing, route: Route, { alert, neverMuted, at }: Asked): Post {
  const own = route.severities[alert.severity];
  const called = [...(own?.mention ?? []), ...onCallFor(routing, alert)];
  return {
    channels: own?.channels ?? route.channels,
    mention: [...new Set(peopleOnCall(routing.book, called, at))],
    tone: own?.tone ?? severityTone(alert.severity),
    owners: route.owners,
    group: groupOf(route, alert.labels),
    waitMs: route.groupWait,
    verbosity: neverMuted === undefined ? route.verbosity : { ...route.verbosity, firing: "post", flapping: "post" },
  };
}

/** People and rotations that what is critical calls besides. */
function onCallFor({ onCall }: Routing, { labels, severity }: LabelledAlert): readonly string[] {
  return severity === "critical" ? (onCall.get(labelIn(labels, "system")) ?? []) : [];
}

function groupOf({ groupBy }: Route, labels: AlertLabels): AlertLabels {
  if (groupBy.includes("...")) return labels;
  return Object.fromEntries(groupBy.map((name) => [name, labelIn(labels, name)]));
}

interface Inhibiting {
  /** Those whose target the alert is. */
  readonly rules: readonly InhibitionRule[];
  readonly routing: Routing;
  readonly firing: readonly LabelledAlert[];
}

/** What of an alert that fires may hide others. */
export function isInhibitor({ inhibitions }: Routing, { labels }: LabelledAlert): boolean {
  return inhibitions.some(({ source }) => unmetBy(labels, source) === undefined);
}

/** The labels of what hides an alert among these, each of which may hide others; undefined where nothing does. */
export function hiddenBehind(
  routing: Routing,
  alert: LabelledAlert,
  sources: readonly LabelledAlert[],
): AlertLabels | undefined {
  const rules = routing.inhibitions.filter((rule) => isTarget(rule, alert));
  return inhibitor({ rules, routing, firing: sources }, alert)?.source;
}

function isTarget({ target, worst }: InhibitionRule, { labels, severity }: LabelledAlert): boolean {
  const isWorse = worst !== undefined && severityRank[severity] < severityRank[worst];
  return !isWorse && unmetBy(labels, target) === undefined;
}

/** As in Alertmanager, what is source and target of a rule at once is not hidden by another that is both. */
function inhibitor({ rules, routing, firing }: Inhibiting, alert: LabelledAlert): RouteDecision["inhibitedBy"] {
  const isBound = whyNeverMuted(alert, routing.neverMuted) !== undefined;
  for (const rule of rules) {
    const found = firing.find(
      (source) => hides(rule, source, alert) && (!isBound || isSureToBeSeen({ routing, firing }, source)),
    );
    if (found) return { rule: rule.id, source: found.labels };
  }
  return undefined;
}

/** Of an alert that is a target of the rule. */
function hides(rule: InhibitionRule, source: LabelledAlert, { labels }: LabelledAlert): boolean {
  if (unmetBy(source.labels, rule.source) !== undefined) return false;
  const isBoth = unmetBy(labels, rule.source) === undefined;
  if (isBoth && unmetBy(source.labels, rule.target) === undefined) return false;
  return rule.equal.every((name) => labelIn(source.labels, name) === labelIn(labels, name));
}

/** Nothing may keep it from people, and nothing that fires hides it, whether or not that is seen itself. */
function isSureToBeSeen({ routing, firing }: Omit<Inhibiting, "rules">, alert: LabelledAlert): boolean {
  if (whyNeverMuted(alert, routing.neverMuted) === undefined) return false;
  return !routing.inhibitions.some(
    (rule) => isTarget(rule, alert) && firing.some((source) => hides(rule, source, alert)),
  );
}
