import type { SoonAlert } from "../domain/alerts/alert.ts";
import { type Firing, type FiringAlert, severityTone } from "../domain/alerts/firing.ts";
import type { Card, CardAction, ListItem, Tone } from "../domain/messages/card.ts";
import { worstTone } from "../domain/systems/health.ts";
import { type Alike, alikeText, apart, foldAlike, unnumbered } from "../domain/text/alike.ts";
import { ago, counted, span } from "../domain/text/quantities.ts";
import { snoozeWords } from "./snooze.ts";
import { unreadItems } from "./unread.ts";

/** More buttons than this are no help on a phone. */
const mostButtons = 4;

/** The dashboards of a system or two. */
const mostLinks = 8;

/** What fires, with a button for the worst that nobody has yet, and where to look on. */
export function alertsCard(firing: Firing, now: number): Card {
  const items = firingItems(firing, now);
  return {
    tone: firingTone(firing),
    title: firingTitle(firing),
    ...summaryOf(firing),
    blocks: [
      ...(items.length > 0 ? [{ kind: "list" as const, items }] : []),
      ...(firing.links.length > 0 ? [{ kind: "fields" as const, fields: firing.links.slice(0, mostLinks) }] : []),
    ],
    actions: firing.alerts
      .filter((alert) => !alert.ack && alert.behind === undefined)
      .slice(0, mostButtons)
      .map(ackAction),
  };
}

/** A line for each alert, of many one for those that read alike, and one for each cause that kept sources from being read. */
export function firingItems({ alerts, isApart, soon, unread }: Firing, now: number): ListItem[] {
  const kinds = isApart ? apart(alerts) : foldAlike(alerts, kindOf);
  return [
    ...kinds.map(
      (alike): ListItem => ({
        text: alike.all.length === 1 ? alertWords(alike.first, now) : alikeWords(alike, now),
        tone: severityTone(alike.first.severity),
      }),
    ),
    ...soon.map((each) => ({ text: soonWords(each, now), tone: "warning" as const })),
    ...unreadItems(unread, true),
  ];
}

/** What `status` shows as past a limit is said here too, and why it does not fire. */
function soonWords({ system, summary, since, lastsMs }: SoonAlert, now: number): string {
  return `${system}: ${summary}, seen for ${span(Math.max(0, now - since))}: fires once it has lasted ${span(lastsMs)}`;
}

function ackAction({ summary, code }: FiringAlert): CardAction {
  return { label: `Ack ${summary}`, command: "ack", args: { alerts: code } };
}

/** What two alerts have in common that are told in one line. */
function kindOf({ system, ownSeverity, summary, ack, silencedUntil, snoozes, behind }: FiringAlert): string {
  const standing = [ack?.by.name, silencedUntil !== undefined, snoozes !== undefined, behind];
  return JSON.stringify([system, ownSeverity, unnumbered(summary), ...standing]);
}

function alikeWords(alike: Alike<FiringAlert>, now: number): string {
  const { system, summary, ownSeverity, ack, silencedUntil, snoozes, behind } = alike.first;
  const begun = alike.all.flatMap(({ since }) => (since === undefined ? [] : [since]));
  const since = begun.length === 0 ? "" : `, the oldest since ${ago(Math.min(...begun), now)}`;
  return [
    `${system}: ${alikeText(summary, alike)} (${ownSeverity}${since})`,
    ...(ack ? [`${ack.by.name} has them`] : []),
    ...(silencedUntil === undefined ? [] : ["silenced"]),
    ...(snoozes === undefined ? [] : ["snoozed"]),
    ...(behind === undefined ? [] : [`told by ${behind}`]),
    `each by: alerts about:"${firstWords(summary)}"`,
  ].join(" · ");
}

/** What comes before the first figure, as somebody would type it. */
function firstWords(summary: string): string {
  return summary.split(/["\d]/u, 1)[0]?.trim() || summary.replaceAll('"', "").slice(0, 30);
}

/** The system's own word for the severity stands beside ours, and the code that `ack`, `unack` and `alerts why` take at the end. */
function alertWords(alert: FiringAlert, now: number): string {
  const since = alert.since === undefined ? "" : `, since ${ago(alert.since, now)}`;
  const hint = alert.hint === undefined ? "" : ` → ${alert.hint}`;
  const holder = `${alert.code}${alert.ack ? ` · ${alert.ack.by.name} has it` : ""}`;
  const silenced =
    alert.silencedUntil === undefined ? "" : ` · silenced for another ${span(Math.max(0, alert.silencedUntil - now))}`;
  const snoozed = (alert.snoozes ?? []).map((each) => ` · ${snoozeWords(each, now)}`).join("");
  const behind = alert.behind === undefined ? "" : ` · told by ${alert.behind}`;
  return `${alert.system}: ${alert.summary} (${alert.ownSeverity}${since})${hint} · ${holder}${silenced}${snoozed}${behind}`;
}

/** How bad what fires is; what could not be read may be worse than what could. */
export function firingTone({ alerts, soon, unread, watched, unwatched, notWell, left = 0 }: Firing): Tone {
  return worstTone([
    ...alerts.map(({ severity }) => severityTone(severity)),
    ...soon.filter(({ severity }) => severity !== "info").map(() => "warning" as const),
    ...notWell.map(({ tone }) => tone),
    unread.length > 0 ? "unknown" : watched === 0 || unwatched.length > 0 || left > 0 ? "neutral" : "good",
  ]);
}

/** What fires and what is not known, in the fewest words that are true. */
export function firingTitle(firing: Firing): string {
  const { alerts, soon, unreadWatched, watched, unwatched, notWell, left = 0 } = firing;
  if (watched === 0) return "No alert source is configured";
  const said = firesWords(firing);
  const besides = notWell.map(notWellWords).join(", ");
  if (unreadWatched > 0) return `${said}; ${unreadWatched} of ${watched} sources and rules could not be read`;
  if (alerts.length + left > 0) return said;
  if (soon.length > 0) {
    const most = `${said} yet, but ${counted(soon.length, "rule")} ${soon.length === 1 ? "is" : "are"} breached`;
    return besides === "" ? most : `${most}, and ${besides}`;
  }
  if (besides !== "") return `${said}, but ${besides}`;
  if (unwatched.length === 0) return said;
  return `${said}; ${unwatched.length} system${unwatched.length === 1 ? " is" : "s are"} not watched`;
}

function firesWords({ alerts, unreadWatched, left = 0 }: Firing): string {
  const all = alerts.length + left;
  if (all === 0) return unreadWatched > 0 ? "Nothing known to fire" : "Nothing is firing";
  // No part of what fires reads as an all-clear.
  return left === 0
    ? `${worstLead(alerts)}${all} firing`
    : `${alerts.length === 0 ? "None" : alerts.length} of ${all} firing shown`;
}

/** A phone shows the beginning of a title alone: `alphapulse: 3 critical of `. Empty where nothing of weight fires. */
function worstLead(alerts: readonly FiringAlert[]): string {
  const severity = (["critical", "warning"] as const).find((each) => alerts.some((alert) => alert.severity === each));
  if (severity === undefined) return "";
  const worst = alerts.filter((alert) => alert.severity === severity);
  const counts = Map.groupBy(worst, ({ system }) => system);
  const [[most] = [""], ...others] = [...counts].toSorted(([, one], [, other]) => other.length - one.length);
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `${most}${more}: ${worst.length} ${severity} of `;
}

function notWellWords({ title, health }: Firing["notWell"][number]): string {
  return health === "up" ? `${title} needs a look` : `${title} is ${health}`;
}

function summaryOf({ unread, unwatched, watched, notWell, left = 0 }: Firing): { summary?: string } {
  const parts = [
    ...(left > 0
      ? [`${counted(left, "alert")} besides ${left === 1 ? "fires" : "fire"} that this did not ask for.`]
      : []),
    ...(unread.length > 0 ? ["What could not be read may be firing too."] : []),
    ...(notWell.length > 0 ? [`${notWell.map(notWellWords).join(", ")}.`] : []),
    ...(watched > 0 && unwatched.length > 0 ? [`Nothing is watched of ${unwatched.join(", ")}.`] : []),
  ];
  return parts.length > 0 ? { summary: parts.join(" ") } : {};
}
