import type { FiringAlert } from "../domain/alerts/firing.ts";
import { severityTone } from "../domain/alerts/firing.ts";
import type { Block, Card, ListItem } from "../domain/messages/card.ts";
import { foldAlike, unnumbered } from "../domain/text/alike.ts";
import { counted } from "../domain/text/quantities.ts";

const mostShown = 20;
const mostNamed = 8;

/** What a choice of alerts meets, and what would be done with those that are taken. */
interface Met {
  readonly match: string;
  readonly taken: readonly FiringAlert[];
  readonly more: number;
  readonly severe: readonly FiringAlert[];
  readonly held: readonly FiringAlert[];
  readonly barred: number;
}

interface Doing {
  readonly command: "ack" | "snooze";
  /** Of the button, beside the codes. */
  readonly args: Readonly<Record<string, string>>;
}

const words = {
  ack: { title: "Nothing is acknowledged yet", label: "Acknowledge", would: "would be acknowledged" },
  snooze: { title: "Nothing is snoozed yet", label: "Snooze", would: "would be snoozed" },
} as const;

/** What would be done, before it is: a press takes those that are listed, and none that begins meanwhile. */
export function metAlertsCard(met: Met, { command, args }: Doing): Card {
  const { match, taken, more, severe, held, barred } = met;
  const { title, label, would } = words[command];
  const left = [
    ...(more > 0
      ? [`${counted(more, "alert")} more ${more === 1 ? "is" : "are"} taken once these are: ask again.`]
      : []),
    ...(severe.length > 0
      ? [
          `${counted(severe.length, "alert")} that nobody should sleep through ${severe.length === 1 ? "is" : "are"} not among them: ${namesOf(severe)}. Take each by its code, or name its severity: severity=${severe[0]?.ownSeverity}.`,
        ]
      : []),
    ...(held.length > 0 ? [`${counted(held.length, "alert")} of it somebody has already: ${namesOf(held)}.`] : []),
    ...(barred > 0 ? [`${counted(barred, "alert")} of it stand on systems where you may not do that.`] : []),
  ];
  return {
    tone: "neutral",
    title: taken.length === 0 ? `${match} meets nothing that ${would}` : title,
    ...(taken.length > 0 && { summary: `${counted(taken.length, "alert")} of ${match} ${would}.` }),
    blocks: [
      ...(taken.length > 0 ? [{ kind: "list" as const, items: itemsOf(taken) }] : []),
      ...left.map((text): Block => ({ kind: "text", text })),
    ],
    actions:
      taken.length === 0
        ? []
        : [
            {
              label: `${label} ${taken.length === 1 ? "it" : `these ${taken.length}`}`,
              command,
              args: { ...args, alerts: taken.map(({ code }) => code).join(" "), gone: "skip" },
            },
          ],
  };
}

function itemsOf(taken: readonly FiringAlert[]): readonly ListItem[] {
  const lines = foldAlike(taken, ({ system, ownSeverity, summary }) =>
    JSON.stringify([system, ownSeverity, unnumbered(summary)]),
  );
  const items = lines.slice(0, mostShown).map(({ first, all }): ListItem => {
    const { system, summary, ownSeverity, severity, code } = first;
    const what =
      all.length === 1
        ? `${summary} (${ownSeverity}) · ${code}`
        : `${all.length} alike: ${unnumbered(summary)} (${ownSeverity})`;
    return { text: `${system}: ${what}`, tone: severityTone(severity) };
  });
  const rest = lines.slice(mostShown).reduce((sum, { all }) => sum + all.length, 0);
  return rest > 0 ? [...items, { text: `and ${rest} more` }] : items;
}

function namesOf(alerts: readonly FiringAlert[]): string {
  const named = alerts.slice(0, mostNamed).map(({ summary, code, ack }) => {
    const holder = ack ? `, ${ack.by.name} has it` : "";
    return `${summary} (${code}${holder})`;
  });
  const rest = alerts.length - named.length;
  return [...named, ...(rest > 0 ? [`${rest} more`] : [])].join("; ");
}
