import type { Snooze } from "../domain/alerts/snooze.ts";
import type { Card } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { span } from "../domain/text/quantities.ts";

/** One alert that was snoozed. */
export interface SnoozedNow {
  readonly alert: { readonly code: string; readonly system: string; readonly summary: string };
  readonly snooze: Snooze;
}

/** `snoozed by Ana until 14:00 UTC`, for whom where it is not everybody there. */
export function snoozeWords({ by, until, scope }: Snooze, now: number): string {
  const whom = scope.kind === "person" ? `, for ${by.name} alone` : "";
  return `snoozed by ${by.name} until ${clock(until, now)}${whom}`;
}

/** What is withheld from now on and from whom, with a button to end it. */
export function snoozeCard(snoozed: readonly SnoozedNow[], now: number): Card {
  const [first] = snoozed;
  const isOwn = first?.snooze.scope.kind === "person";
  return {
    tone: "neutral",
    title: `Snoozed for ${span((first?.snooze.until ?? now) - now)}, ${isOwn ? `for ${first?.snooze.by.name} alone` : "in this channel"}`,
    summary: isOwn
      ? "Messages call you for it no more until then. Others are called as before, and nobody has it by that."
      : "Nothing is said under its message here and nobody is called for it until then. Nobody has it by that.",
    blocks: [
      {
        kind: "list",
        items: snoozed.map(({ alert: { system, summary, code } }) => ({
          text: `${system}: ${summary} · ${code}`,
          tone: "neutral" as const,
        })),
      },
    ],
    actions: [
      { label: "End it", command: "unsnooze", args: { alerts: snoozed.map(({ alert }) => alert.code).join(" ") } },
    ],
    footer: "When it becomes worse, or fires on when the time is over, it is told again.",
  };
}

/** Snoozes that were ended; none were where nobody had snoozed anything here. */
export function unsnoozeCard(ended: readonly { readonly summary: string; readonly count: number }[]): Card {
  const some = ended.filter(({ count }) => count > 0);
  return {
    tone: some.length > 0 ? "good" : "neutral",
    title: some.length > 0 ? "No longer snoozed" : "Nothing of that was snoozed for you or here",
    blocks:
      some.length > 0
        ? [{ kind: "list", items: some.map(({ summary }) => ({ text: summary, tone: "good" as const })) }]
        : [],
  };
}
