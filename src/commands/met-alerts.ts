import { byWorst, type FiringAlert } from "../domain/alerts/firing.ts";
import { labelled } from "../domain/alerts/labelled-alert.ts";
import { type Matcher, showMatcher, unmetBy } from "../domain/alerts/matcher.ts";
import { whyNeverMuted } from "../domain/alerts/never-muted.ts";
import { utf8Matchers } from "../domain/alerts/utf8-matchers.ts";
import { type CommandContext, viewerOf } from "../domain/commands/command.ts";
import { may } from "../domain/people/viewer.ts";
import { firingNow } from "../reads/firing.ts";
import { readableSystems } from "./fields.ts";

/** So many codes go with one button. */
const mostAtOnce = 100;

/** Alerts that are chosen by what they are, and not by their codes. */
interface Wanted {
  /** Conditions on their labels. */
  readonly alerts?: string | undefined;
  /** Words that their text holds. */
  readonly about?: string | undefined;
}

/** What such a choice meets now. */
export interface MetAlerts {
  readonly match: string;
  /** Those that would be taken, the worst first. */
  readonly taken: readonly FiringAlert[];
  /** How many would be besides, which is more than go at once. */
  readonly more: number;
  /** Those that nobody takes by a choice that does not say how severe they are. */
  readonly severe: readonly FiringAlert[];
  /** Those that somebody has already. */
  readonly held: readonly FiringAlert[];
  /** How many stand on systems where whoever asks may only read. */
  readonly barred: number;
}

/** Whether it chooses by what alerts are: codes are hex digits, and conditions have a sign between a label and its value. */
export function isChoice({ alerts = "", about }: Wanted): boolean {
  return about !== undefined || /[={~]/.test(alerts);
}

/** What a choice meets; nothing is done. What is critical, or never muted, is taken only where a condition names its severity. */
export async function alertsMet(
  context: CommandContext,
  { alerts, about }: Wanted,
  { right, unless }: { readonly right: "read" | "respond"; readonly unless: "held" | "nobody" },
): Promise<MetAlerts> {
  const matchers = alerts === undefined ? [] : utf8Matchers(alerts, "optional");
  const firing = await firingNow(context, readableSystems(context));
  const met = firing.alerts.filter(
    (alert) =>
      unmetBy(labelled(alert).labels, matchers) === undefined &&
      (about === undefined || alert.summary.toLowerCase().includes(about.toLowerCase())),
  );
  const mayTake = met.filter(({ system }) => may(viewerOf(context), right, system).allowed);
  const isHeld = ({ ack }: FiringAlert): boolean => unless === "held" && ack !== undefined;
  const isSevere = (alert: FiringAlert): boolean =>
    !matchers.some(namesSeverity) && whyNeverMuted(labelled(alert), context.routing.neverMuted) !== undefined;
  const open = mayTake.filter((alert) => !isHeld(alert));
  const taken = open.filter((alert) => !isSevere(alert)).toSorted(byWorst);
  return {
    match: wordsOf(matchers, about),
    taken: taken.slice(0, mostAtOnce),
    more: Math.max(0, taken.length - mostAtOnce),
    severe: open.filter(isSevere),
    held: mayTake.filter(isHeld),
    barred: met.length - mayTake.length,
  };
}

function namesSeverity({ label, operator }: Matcher): boolean {
  return label === "severity" && operator === "=";
}

function wordsOf(matchers: readonly Matcher[], about: string | undefined): string {
  const conditions = matchers.length > 0 ? [`{${matchers.map(showMatcher).join(", ")}}`] : [];
  return [...conditions, ...(about === undefined ? [] : [`about "${about}"`])].join(" ");
}
