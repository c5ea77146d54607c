import { z } from "zod";
import { type EscalationMatrix, matrixOf } from "../escalation/matrix.ts";
import type { OnCallBook } from "../oncall/on-call.ts";
import type { OnCallInFile } from "../oncall/rotation.ts";
import { ownValue } from "../own-value.ts";
import { Id } from "../people/person.ts";
import type { System } from "../systems/system.ts";
import { Duration, parseDuration } from "../text/duration.ts";
import type { ActiveAlert } from "./alert.ts";
import { type Matcher, matcherOf } from "./matcher.ts";
import { type NeverMuted, neverMutedBy, neverMutedRules } from "./never-muted.ts";
import { OwnBeat } from "./own-beat.ts";
import { ownInhibitions } from "./own-inhibitions.ts";
import { MomentInFile, momentIn, WeeklyTime } from "./quiet-time.ts";
import { readMatchers } from "./read-matchers.ts";
import { AlertSender } from "./sender.ts";
import { ExpectedAlert, Heartbeat } from "./sign-of-life.ts";
import { SilencesInFile } from "./silence.ts";

/** Conditions in Alertmanager's syntax, all of which have to hold: one text, or a list of them. */
export const MatchersInFile = z.union([z.string().min(1).max(2_000), z.array(z.string().min(1).max(2_000)).min(1)]);
export type MatchersInFile = z.output<typeof MatchersInFile>;

const Verbosity = z.enum(["post", "quiet", "off"]);

/** What is done at each kind of event: `post` a message, `quiet` only bring what stands up to date, `off` only keep it on record. */
export const RouteVerbosity = z.strictObject({
  /** It begins. What is never muted is posted whatever stands here. */
  firing: Verbosity.default("post"),
  /** It is over. */
  resolved: Verbosity.default("post"),
  /** Somebody looks after it, or no longer does. */
  acknowledged: Verbosity.default("quiet"),
  /** A silence for it begins or ends. */
  silenced: Verbosity.default("quiet"),
  /** It comes and goes. */
  flapping: Verbosity.default("quiet"),
});
export type RouteVerbosity = z.output<typeof RouteVerbosity>;

/** What differs for alerts of one severity. */
export const SeverityRoute = z.strictObject({
  /** In place of the route's own. */
  channels: z.array(Id).min(1).optional(),
  /** People who are called by name. */
  mention: z.array(Id).min(1).optional(),
  /** How the message looks. */
  tone: z.enum(["neutral", "good", "warning", "bad", "unknown"]).optional(),
});

/** Where alerts go that meet its conditions. Routes are asked in order; the first that takes an alert ends it. */
export const AlertRoute = z.strictObject({
  id: Id,
  /** Every alert when left out. */
  match: MatchersInFile.optional(),
  /** Ids of configured channels, on any surface. */
  channels: z.array(Id).min(1),
  /** What differs by severity: other channels, people who are called, another look. */
  severities: z.partialRecord(z.enum(["critical", "warning", "info"]), SeverityRoute).default({}),
  /** People who answer for what comes here, shown on the message. */
  owners: z.array(Id).default([]),
  /** Alerts with equal values of these labels share a message; `...` for all labels. */
  groupBy: z.array(z.string().min(1).max(200)).default(["system", "alertname"]),
  /** How long the first message of a group waits for others of it; what is critical does not wait. */
  groupWait: Duration.prefault("10s"),
  /** Hours in which nothing is posted. What is never muted is posted all the same. */
  mute: z.array(WeeklyTime).default([]),
  verbosity: RouteVerbosity.prefault({}),
  /** The routes after it are asked as well. */
  continue: z.boolean().default(false),
  /** Takes nothing: what it would have done is only told beside what was done. */
  shadow: z.boolean().default(false),
});

/** While an alert fires that meets `source`, alerts that meet `target` are hidden where these labels have equal values. */
export const Inhibition = z.strictObject({
  id: Id,
  /** The cause, as `alertname="down"`. */
  source: MatchersInFile,
  /** What the cause explains. */
  target: MatchersInFile,
  /** Labels in which the two have to agree; one that neither has agrees. */
  equal: z.array(z.string().min(1).max(200)).default([]),
});

/** A time in which alerts are expected: once from and to a moment, or at hours that come back. */
export const Maintenance = z
  .strictObject({
    id: Id,
    /** As people read it; the id when left out. */
    title: z.string().min(1).max(60).optional(),
    /** Which alerts are expected then. */
    match: MatchersInFile,
    /** When it begins, where it comes once. */
    from: MomentInFile.optional(),
    /** When it is over. */
    to: MomentInFile.optional(),
    /** The hours in which it is open, where it comes back. */
    times: z.array(WeeklyTime).min(1).optional(),
    /** Channels that are told ahead, when it begins and is over, and what goes on beyond that; nobody is told when left out. */
    announce: z.array(Id).default([]),
    /** How long before it begins it is told. */
    ahead: Duration.prefault("24h"),
    /** How what is done in it is taken back. */
    rollback: z.string().min(1).max(300).optional(),
  })
  .refine(
    ({ from, to, times }) => (times === undefined) === (from !== undefined && to !== undefined),
    "a window has from and to, or times that come back",
  )
  .refine(
    ({ from, to }) => from === undefined || to === undefined || momentIn(from) < momentIn(to),
    "a window ends after it began",
  );

/** An alert, and where it has to go: `wardroom check` tries each. */
export const RouteTest = z.strictObject({
  /** Of the alert, `severity` among them. */
  labels: z.record(z.string(), z.string()),
  /** When it fires; outside every window and hour of quiet where it is left out. */
  at: MomentInFile.optional(),
  /** What else fires then. */
  firing: z.array(z.record(z.string(), z.string())).default([]),
  /** Where it has to be posted, in any order; none where it has to be muted or hidden. */
  channels: z.array(Id),
});
export type RouteTest = z.output<typeof RouteTest>;

/** Where alerts go. What no route takes goes to the channels marked `operator`. */
export const AlertsInFile = z.strictObject({
  /** Who may post alerts to the bot; nobody when left out. */
  senders: z.array(AlertSender).default([]),
  /** Jobs that call the bot each time that they have done their work: one that has not called in its time is an alert. */
  heartbeats: z.array(Heartbeat).default([]),
  /** What has to fire at all times: that it does not is an alert, and that it does is told nowhere. */
  expected: z.array(ExpectedAlert).default([]),
  /** Called while the bot and its store are well; nobody is when left out. */
  beat: OwnBeat.optional(),
  /** How often systems are looked at, so that what their sources and the bot's own rules say is told by itself; or `off`. */
  watch: z.union([z.literal("off"), Duration]).prefault("15s"),
  /** How often senders with an `api` are asked what fires; or `off`. */
  reconcile: z.union([z.literal("off"), Duration]).prefault("1m"),
  /** System → people or rotations: what is critical calls whoever of them is on call, whatever its route says besides. */
  onCall: z.record(Id, z.array(Id).min(1)).default({}),
  /** Asked in order. */
  routes: z.array(AlertRoute).default([]),
  /** What hides what. */
  inhibit: z.array(Inhibition).default([]),
  /** What of silences one person may make alone. */
  silences: SilencesInFile.prefault({}),
  /** Times in which alerts are expected and not posted. */
  maintenance: z.array(Maintenance).default([]),
  /** System → channels that are told of the windows in its file, a day ahead. Those of a system that is not named mute nothing. */
  announce: z.record(Id, z.array(Id).min(1)).default({}),
  /** Besides what is critical, P0 or P1, and drawdowns, daily losses and backups: alerts that nothing keeps from people. */
  neverMuted: z.array(MatchersInFile).default([]),
  /** Alerts and where they have to go; a config of which one fails is not taken. */
  tests: z.array(RouteTest).default([]),
});
export type AlertsInFile = z.output<typeof AlertsInFile>;

export type Route = Omit<z.output<typeof AlertRoute>, "match"> & { readonly match: readonly Matcher[] };

export interface MaintenanceWindow {
  /** Of one in a system's file with the system's before it. */
  readonly id: string;
  readonly title: string;
  readonly match: readonly Matcher[];
  /** Ids of channels that are told of it. */
  readonly announce: readonly string[];
  /** How long before it begins, ms. */
  readonly aheadMs: number;
  readonly rollback?: string;
  readonly once?: { readonly from: number; readonly to: number };
  readonly times: readonly WeeklyTime[];
}

export interface InhibitionRule {
  readonly id: string;
  readonly source: readonly Matcher[];
  readonly target: readonly Matcher[];
  readonly equal: readonly string[];
  /** What is worse than this is not hidden; anything is where it is left out. */
  readonly worst?: ActiveAlert["severity"];
}

/** What a sender tells to fire at all times. */
export interface ExpectedRule {
  readonly id: string;
  readonly sender: string;
  readonly match: readonly Matcher[];
}

/** Where alerts go, ready to be asked. */
export interface Routing {
  /** System → people or rotations that are called for what is critical. */
  readonly onCall: ReadonlyMap<string, readonly string[]>;
  readonly book: OnCallBook;
  /** System → whom its alerts call while nobody has them. */
  readonly escalations: ReadonlyMap<string, EscalationMatrix>;
  /** Surfaces on which somebody can be written to in a conversation of two. */
  readonly direct: ReadonlySet<string>;
  readonly routes: readonly Route[];
  readonly inhibitions: readonly InhibitionRule[];
  readonly windows: readonly MaintenanceWindow[];
  readonly neverMuted: readonly NeverMuted[];
  /** What fires at all times and is told nowhere. */
  readonly expected: readonly ExpectedRule[];
  readonly silences: SilencesInFile;
  /** Senders in whose Alertmanager silences can be made, with the system that their alerts are of. */
  readonly alertmanagers: readonly { readonly id: string; readonly system: string }[];
}

/** What of a system routes depend on. */
export type RoutedSystem = Pick<System, "id" | "rules"> &
  Partial<Pick<System, "title" | "maintenance" | "escalation" | "metrics">>;

/** Compiles what the file says. Throws UserError for matchers that are none, which a checked file does not hold. */
export function routingOf(
  file: AlertsInFile,
  systems: readonly RoutedSystem[],
  { rotations, contacts }: Pick<OnCallInFile, "rotations" | "contacts"> = { rotations: [], contacts: {} },
  direct: readonly string[] = [],
): Routing {
  return {
    direct: new Set(direct),
    onCall: new Map(Object.entries(file.onCall)),
    silences: file.silences,
    book: { rotations, given: new Map() },
    escalations: new Map(
      systems.flatMap(({ id, escalation }) =>
        escalation ? [[id, matrixOf(id, escalation, { contacts, onCall: ownValue(file.onCall, id) ?? [] })]] : [],
      ),
    ),
    routes: file.routes.map((route) => ({ ...route, match: matchersIn(route.match) })),
    inhibitions: [
      ...file.inhibit.map(({ source, target, ...rest }) => ({
        ...rest,
        source: matchersIn(source),
        target: matchersIn(target),
      })),
      ...ownInhibitions(systems),
    ],
    windows: [...file.maintenance.map(windowInFile), ...systems.flatMap((system) => windowsOf(system, file.announce))],
    expected: file.expected.map(({ id, sender, match }) => ({ id, sender, match: matchersIn(match) })),
    alertmanagers: file.senders.flatMap(({ id, system, kind, api }) =>
      kind === "alertmanager" && api ? [{ id, system }] : [],
    ),
    neverMuted: [...file.neverMuted.map((each) => neverMutedBy(matchersIn(each))), ...neverMutedRules(systems)],
  };
}

function windowInFile({
  id,
  title = id,
  match,
  from,
  to,
  times = [],
  ahead: aheadMs,
  rollback,
  announce,
}: z.output<typeof Maintenance>): MaintenanceWindow {
  return {
    id,
    title,
    match: matchersIn(match),
    times,
    announce,
    aheadMs,
    ...(from !== undefined && to !== undefined && { once: { from: momentIn(from), to: momentIn(to) } }),
    ...(rollback !== undefined && { rollback }),
  };
}

function windowsOf(
  { id: system, title: of = system, maintenance }: Pick<System, "id"> & Partial<Pick<System, "title" | "maintenance">>,
  told: AlertsInFile["announce"],
): readonly MaintenanceWindow[] {
  const announce = ownValue(told, system);
  if (!announce) return [];
  return (maintenance?.windows ?? []).map(({ id, title = id, times }) => ({
    id: `${system}-${id}`,
    title: `${of}, ${title}`,
    match: [matcherOf("system", "=", system)],
    times,
    announce,
    aheadMs: parseDuration("24h"),
  }));
}

/** The texts of a list of matchers, each with its place in it. */
export function matcherTexts(match: MatchersInFile | undefined): readonly string[] {
  return typeof match === "string" ? [match] : (match ?? []);
}

function matchersIn(match: MatchersInFile | undefined): readonly Matcher[] {
  return matcherTexts(match).flatMap((text) => readMatchers(text).matchers);
}
