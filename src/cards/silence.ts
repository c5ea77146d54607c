import type { FiringAlert } from "../domain/alerts/firing.ts";
import type { Silence } from "../domain/alerts/silence.ts";
import type { Block, Card } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { counted, span } from "../domain/text/quantities.ts";

const mostListed = 10;

/** What is silenced from now on, until when, and what that is now. */
export function silenceCard(silence: Silence, alerts: readonly FiringAlert[], now: number): Card {
  const { id, match, until, by, comment } = silence;
  return {
    tone: "warning",
    title: `Silenced for ${span(until - now)} by ${by.name}`,
    summary: `Until ${clock(until, now)} nothing is posted of ${match}. What fires stays listed, and nobody has it by that.`,
    blocks: [
      { kind: "fields", fields: [{ name: "Why", value: comment }] },
      {
        kind: "text",
        text:
          alerts.length === 0 ? "Nothing that fires now meets it." : `It meets ${counted(alerts.length, "alert")} now:`,
      },
      ...listOf(alerts),
    ],
    actions: [{ label: "End the silence", command: "unsilence", args: { silence: id } }],
    footer: `Silence ${id}`,
  };
}

function listOf(alerts: readonly FiringAlert[]): readonly Block[] {
  if (alerts.length === 0) return [];
  const left = alerts.length - mostListed;
  return [
    {
      kind: "list",
      items: alerts.slice(0, mostListed).map(({ system, summary }) => ({ text: `${system}: ${summary}` })),
    },
    ...(left > 0 ? [{ kind: "text" as const, text: `and ${left} more` }] : []),
  ];
}

/** A silence that was ended. */
export function unsilenceCard({ id, match }: Silence): Card {
  return {
    tone: "good",
    title: "The silence is over",
    summary: `What fires and meets ${match} is told again, within seconds.`,
    blocks: [],
    footer: `Silence ${id}`,
  };
}

/** Silences that hold now, those that end first first. */
export function silencesCard(silences: readonly Silence[], now: number): Card {
  return {
    tone: silences.length === 0 ? "good" : "warning",
    title: silences.length === 0 ? "Nothing is silenced" : counted(silences.length, "silence"),
    blocks:
      silences.length === 0
        ? []
        : [
            {
              kind: "list",
              items: silences.map((each) => ({ text: silenceWords(each, now), tone: "warning" as const })),
            },
          ],
    actions: silences
      .slice(0, 4)
      .map(({ id }) => ({ label: `End ${id}`, command: "unsilence", args: { silence: id } })),
  };
}

function silenceWords({ id, match, until, by, comment }: Silence, now: number): string {
  return `${id}: ${match}, for another ${span(until - now)}, by ${by.name}: ${comment}`;
}
