import type { Episode } from "../alerts/episode.ts";
import { type LabelledAlert, labelledEpisode } from "../alerts/labelled-alert.ts";
import { labelIn, type Matcher, unmetBy } from "../alerts/matcher.ts";
import { type Weekday, weekdayNumbered } from "../alerts/quiet-time.ts";
import { readMatchers } from "../alerts/read-matchers.ts";
import { ownValue } from "../own-value.ts";
import { zonedAt } from "../text/moment.ts";
import type { ContactsInFile, EscalationContact, EscalationInFile, PageHook } from "./escalation-file.ts";

/** Who stands behind a name of a matrix here. */
export interface MatrixContact {
  readonly id: string;
  readonly title: string;
  /** Ids of people and of rotations. */
  readonly people: readonly string[];
  readonly roles: readonly string[];
  readonly channels: readonly string[];
  readonly isMentioned: boolean;
  readonly isWritten: boolean;
  readonly webhooks: readonly PageHook[];
  /** For people to read: a telephone number, an address. */
  readonly note: string;
}

/** One level of a class: the first is 1. */
export interface MatrixLevel {
  readonly number: number;
  /** How long nobody has had the alert by then, ms; undefined for what comes at a time of the day. */
  readonly afterMs: number | undefined;
  readonly daily?: { readonly time: string; readonly weekdays?: readonly Weekday[]; readonly zone: string };
  readonly everyMs?: number;
  readonly contacts: readonly MatrixContact[];
}

export interface MatrixClass {
  readonly id: string;
  readonly title?: string;
  /** As the file has them; of any severity where none stands here. */
  readonly severities: readonly string[];
  readonly match: readonly Matcher[];
  readonly respondMs?: number;
  readonly resolveMs?: number;
  readonly levels: readonly MatrixLevel[];
}

/** Whom a system's alerts call while nobody has them. */
export interface EscalationMatrix {
  readonly system: string;
  readonly classes: readonly MatrixClass[];
}

/** Compiles what the files say of a system. `onCall`: who stands behind a name that nobody else does. */
export function matrixOf(
  system: string,
  file: EscalationInFile,
  { contacts, onCall }: { readonly contacts: ContactsInFile; readonly onCall: readonly string[] },
): EscalationMatrix {
  const own = ownValue(contacts, system) ?? {};
  const contactNamed = (id: string): MatrixContact =>
    contactOf(id, { ...ownValue(file.contacts, id), ...ownValue(own, id) }, onCall);
  return {
    system,
    classes: file.classes.map(({ id, title, severities = [], match, respond, resolve, levels }) => ({
      id,
      ...(title !== undefined && { title }),
      severities,
      match: match === undefined ? [] : readMatchers(match).matchers,
      ...(respond !== undefined && { respondMs: respond }),
      ...(resolve !== undefined && { resolveMs: resolve }),
      levels: levels.map(({ after = 0, daily, weekdays, every, contacts: names }, at) => ({
        number: at + 1,
        afterMs: daily === undefined ? after : undefined,
        ...(daily !== undefined && { daily: { time: daily, zone: file.zone, ...(weekdays && { weekdays }) } }),
        ...(every !== undefined && { everyMs: every }),
        contacts: names.map(contactNamed),
      })),
    })),
  };
}

function contactOf(id: string, said: Partial<EscalationContact>, onCall: readonly string[]): MatrixContact {
  const { title = id, people, roles = [], channels = [], by = ["mention"], webhooks = [], phone, email } = said;
  const isEmpty = people === undefined && roles.length + channels.length + webhooks.length === 0;
  return {
    id,
    title,
    people: people ?? (isEmpty ? onCall : []),
    roles,
    channels,
    isMentioned: by.includes("mention"),
    isWritten: by.includes("direct"),
    webhooks,
    note: [phone, email].filter((each) => each !== undefined).join(", "),
  };
}

/** The class that an alert is of: by its source's own word first, then by what that means here. Undefined for none. */
export function classOf({ classes }: EscalationMatrix, { labels, severity }: LabelledAlert): MatrixClass | undefined {
  const matching = classes.filter(({ match }) => unmetBy(labels, match) === undefined);
  const own = labelIn(labels, "severity").toLowerCase();
  const by = (word: string): MatrixClass | undefined =>
    matching.find(
      ({ severities }) => severities.length === 0 || severities.some((each) => each.toLowerCase() === word),
    );
  return by(own) ?? by(severity);
}

/** The class that an alert is of as its source tells it now: an episode keeps the labels that it began with. */
export function classOfEpisode(
  matrix: EscalationMatrix,
  { system, severity, ownSeverity, labels }: Pick<Episode, "system" | "severity" | "ownSeverity" | "labels">,
): MatrixClass | undefined {
  return classOf(matrix, labelledEpisode({ system, severity, labels: { ...labels, severity: ownSeverity } }));
}

/** How many days ahead a day of the week is found for certain. */
const daysAhead = 9;

/** The first time after one, in ms, at which the clocks show the time of the day of a level. A time that they leave out is the one after it. */
export function nextDaily({ time, weekdays, zone }: NonNullable<MatrixLevel["daily"]>, after: number): number {
  const today = zonedAt(after, zone).toPlainDate();
  for (let day = 0; day < daysAhead; day += 1) {
    const date = today.add({ days: day });
    const named = weekdayNumbered(date.dayOfWeek);
    const at = date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
    if (at > after && (!weekdays || (named && weekdays.includes(named)))) return at;
  }
  return Number.POSITIVE_INFINITY;
}
