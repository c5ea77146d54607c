import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { parseExactly, textOfDatum } from "../systems/exact.ts";
import { rfc3339 } from "../text/moment.ts";
import { isSecretName, mask, redact } from "../text/redact.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { AlertLabels } from "./matcher.ts";

/** How what fires on says that it has not ended: Go's zero time. */
export const noEnd = "0001-01-01T00:00:00Z";

/** One alert of a batch that somebody posted: what it says of one episode. */
export interface ReportedAlert {
  /** What its source tells it apart by, with every digit. */
  readonly fingerprint: string;
  /**
   * When this episode began, in ISO 8601 to the millisecond, which is as much as Alertmanager's API tells: with the fingerprint,
   * what one episode is told from the next by.
   */
  readonly startsAt: string;
  /** The same in ms. */
  readonly since: number;
  readonly state: "firing" | "resolved";
  /** When it was over, in ms, where that is told. */
  readonly endedAt?: number;
  readonly labels: AlertLabels;
  readonly annotations: AlertLabels;
  /** Where its source shows it. */
  readonly link?: string;
}

/** A batch, as far as it has the form of one. */
export interface AlertBatch {
  readonly alerts: readonly unknown[];
  /** How many more there are that the sender left out. */
  readonly leftOut: number;
  /** What its sender tells this group of alerts apart by, where it does: it sends the group again under the same. */
  readonly group?: string;
}

/** Why a body is no batch, or an alert of it none. */
export interface Unusable {
  readonly unusable: string;
}

const Batch = z.looseObject({
  alerts: z.array(z.unknown()),
  truncatedAlerts: z.number().nonnegative().catch(0),
  groupKey: z.string().catch(""),
});
const Anything = z.unknown().optional();
const Pairs = z.record(z.string(), z.unknown());

/** The alerts of a body in the form of Alertmanager's webhook, version 4: what it has besides is of no account. */
export function batchIn(text: string): AlertBatch | Unusable {
  const parsed = parsedOr(text, (json): unknown => JSON.parse(json));
  if (parsed === undefined) return { unusable: "it is no JSON" };
  const { data } = Batch.safeParse(parsed);
  if (!data) return { unusable: "it has no list of alerts" };
  // Labels are texts. One that is a number may have more digits than the double that it was read as.
  const exact = data.alerts.some(hasNumbers) ? Batch.safeParse(parsedOr(text, parseExactly)).data : undefined;
  return {
    alerts: (exact ?? data).alerts,
    leftOut: data.truncatedAlerts,
    ...(data.groupKey && { group: data.groupKey }),
  };
}

/** The system that a label of one entry of a batch names, also of one that is no alert; empty where none does. */
export function systemNamedIn(raw: unknown): string {
  if (typeof raw !== "object" || raw === null || !("labels" in raw)) return "";
  const { labels } = raw;
  if (typeof labels !== "object" || labels === null || !("system" in labels)) return "";
  return textOfDatum(labels.system) ?? "";
}

/** JSON with every digit of its numbers; undefined for what is none, or is nested too deeply to be written down again. */
export function parsedJson(text: string): unknown {
  const parsed = parsedOr(text, parseExactly);
  return isTooDeep(parsed) ? undefined : parsed;
}

/** What an alert holds is two or three deep. JSON that is nested some thousands deep is read and cannot be written. */
const deepest = 100;

/** Whether something that was read as JSON is nested deeper than anything that is kept. */
export function isTooDeep(json: unknown): boolean {
  let level: readonly unknown[] = [json];
  for (let depth = 0; depth <= deepest && level.length > 0; depth += 1)
    level = level.flatMap((each): unknown[] => (typeof each === "object" && each !== null ? Object.values(each) : []));
  return level.length > 0;
}

function parsedOr(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (error) {
    // A parser that goes down into its text has no stack left for one that is nested very deeply.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}

/** Asked of every alert as its body is taken: no more is looked at than that takes. */
function hasNumbers(alert: unknown): boolean {
  if (typeof alert !== "object" || alert === null) return false;
  const parts = [alert, "labels" in alert && alert.labels, "annotations" in alert && alert.annotations];
  return parts.some((part) => typeof part === "object" && part !== null && Object.values(part).some(isNumber));
}

const mostLabels = 256;
/** Longer texts are cut, which no identity hangs on, in characters. */
const longestText = 4_096;

const Reported = z.looseObject({
  labels: Pairs,
  annotations: Pairs.nullish(),
  status: Anything,
  startsAt: Anything,
  endsAt: Anything,
  fingerprint: Anything,
  generatorURL: Anything,
});

/** What one entry of a batch says, received at a time in ms. */
export function reportedAlert(raw: unknown, receivedAt: number): ReportedAlert | Unusable {
  const entry = Reported.safeParse(raw).data;
  if (!entry) return { unusable: "it has no labels" };
  const labels = textsIn(entry.labels);
  const annotations = textsIn(entry.annotations ?? {});
  const wrong = labels.wrong[0] ?? annotations.wrong[0];
  if (wrong !== undefined) return { unusable: `its ${wrong} is no text` };
  const names = Object.keys(labels.texts);
  if (names.length === 0) return { unusable: "it has no labels" };
  if (names.length > mostLabels) return { unusable: `it has ${names.length} labels, and ${mostLabels} are the most` };
  const ended = instantOf(entry.endsAt);
  const state = stateOf(entry.status, ended, receivedAt);
  if (!state) return { unusable: `its status is neither firing nor resolved` };
  const began = instantOf(entry.startsAt);
  if (!began) return { unusable: "its startsAt is no time" };
  const link = textOfDatum(entry.generatorURL) ?? "";
  return {
    fingerprint: fingerprintIn(entry.fingerprint) ?? fingerprintOf(labels.texts),
    startsAt: rfc3339(began.epochMilliseconds),
    since: began.epochMilliseconds,
    state,
    ...(state === "resolved" && ended && { endedAt: ended.epochMilliseconds }),
    labels: shown(labels.texts),
    annotations: shown(annotations.texts),
    ...(link !== "" && { link: redact(link).slice(0, longestText) }),
  };
}

function textsIn(pairs: Readonly<Record<string, unknown>>): { texts: AlertLabels; wrong: readonly string[] } {
  const read = Object.entries(pairs).map(([name, value]) => [name, value === null ? "" : textOfDatum(value)] as const);
  return {
    // As in Prometheus, a label without a value is none.
    texts: Object.fromEntries(read.flatMap(([name, text]) => (text ? [[name, text]] : []))),
    wrong: read.flatMap(([name, text]) => (text === undefined ? [redact(name).slice(0, 100)] : [])),
  };
}

/** Nothing that looks like a secret is kept, also not of what comes by itself, nor where somebody wrote it as a name. */
function shown(texts: AlertLabels): AlertLabels {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      redact(name).slice(0, longestText),
      isSecretName(name) ? mask : redact(text).slice(0, longestText),
    ]),
  );
}

function fingerprintIn(value: unknown): string | undefined {
  const text = textOfDatum(value) ?? "";
  return /^[\w.:-]{1,128}$/.test(text) ? text : undefined;
}

/** A beginning as episodes have it; undefined for what is no time. */
export function beginningIn(value: unknown): string | undefined {
  const instant = instantOf(value);
  return instant && rfc3339(instant.epochMilliseconds);
}

/** A time as Go writes one. Its zero time is none. */
export function instantOf(value: unknown): Temporal.Instant | undefined {
  if (typeof value !== "string") return undefined;
  try {
    const instant = Temporal.Instant.from(value);
    return instant.epochMilliseconds > 0 ? instant : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Without a word of its own an alert is over once the time has come at which it ends. */
function stateOf(
  status: unknown,
  ended: Temporal.Instant | undefined,
  receivedAt: number,
): ReportedAlert["state"] | undefined {
  if (status === undefined || status === null)
    return ended && ended.epochMilliseconds <= receivedAt ? "resolved" : "firing";
  const word = typeof status === "string" ? status.toLowerCase() : "";
  return word === "firing" || word === "resolved" ? word : undefined;
}
