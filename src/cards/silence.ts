import type { FiringAlert } from "../domain/alerts/firing.ts";
import type { MirroredSilence } from "../domain/alerts/mirrored-silence.ts";
import type { Silence } from "../domain/alerts/silence.ts";
import type { Block, Card } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { counted, span } from "../domain/text/quantities.ts";

const mostListed = 10;

/** What is silenced from now on, until when, and what that is now. */
export function silenceCard(silence: Silence, alerts: readonly FiringAlert[], now: number): Card {
  const { id, match, until, by, comment, there = [] } = silence;
  return {
    tone: "warning",
    title: `Silenced for ${span(until - now)} by ${by.name}`,
    summary: `Until ${clock(until, now)} nothing is posted of ${match}. What fires stays listed, and nobody has it by that.`,
    blocks: [
      { kind: "fields", fields: [{ name: "Why", value: comment }] },
      ...metBlocks(alerts),
      ...(there.length > 0
        ? [
            {
              kind: "text" as const,
              text: `It is made in Alertmanager too: ${there.map(({ sender }) => sender).join(", ")}.`,
            },
          ]
        : []),
    ],
    actions: [{ label: "End the silence", command: "unsilence", args: { silence: id } }],
    footer: `Silence ${id}`,
  };
}

/** What it would keep back, before anything is done, and for how long it can be. */
export function silencePreviewCard(
  match: string,
  alerts: readonly FiringAlert[],
  { there, why }: { readonly there: readonly string[]; readonly why: string | undefined },
): Card {
  const choice = (label: string, lasts: string) => ({
    label: `${label}…`,
    command: "silence",
    args: { alerts: match, for: lasts },
    ask: ["comment"],
  });
  return {
    tone: "neutral",
    title: "Nothing is silenced yet",
    summary: `This is what ${match} would keep back.`,
    blocks: [
      ...metBlocks(alerts),
      {
        kind: "text",
        text: why === undefined ? "One person may do that alone." : `It takes two people, because ${why}.`,
      },
      ...(there.length > 0
        ? [{ kind: "text" as const, text: `It would be made in Alertmanager too: ${there.join(", ")}.` }]
        : []),
    ],
    actions: [choice("Silence 1 h", "1h"), choice("4 h", "4h"), choice("Until tomorrow", "tomorrow")],
  };
}

function metBlocks(alerts: readonly FiringAlert[]): readonly Block[] {
  const text =
    alerts.length === 0 ? "Nothing that fires now meets it." : `It meets ${counted(alerts.length, "alert")} now:`;
  return [{ kind: "text", text }, ...listOf(alerts)];
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

/** One that was made in Alertmanager is to be ended there. */
export function unsilenceElsewhereCard({ id, match, by }: MirroredSilence, sender: string): Card {
  return {
    tone: "good",
    title: "The silence is being ended in Alertmanager",
    summary: `${by} made it there. Once it is ended, ${sender} tells what fires and meets ${match}.`,
    blocks: [],
    footer: `Silence ${id}`,
  };
}

/** Silences that hold now, those that end first first: the bot's, and those that were made in Alertmanagers. */
export function silencesCard(
  silences: readonly Silence[],
  elsewhere: readonly (MirroredSilence & { readonly sender: string })[],
  now: number,
): Card {
  const count = silences.length + elsewhere.length;
  const items = [
    ...silences.map((each) => silenceWords(each, now)),
    ...elsewhere.map((each) => elsewhereWords(each, now)),
  ];
  return {
    tone: count === 0 ? "good" : "warning",
    title: count === 0 ? "Nothing is silenced" : counted(count, "silence"),
    blocks: count === 0 ? [] : [{ kind: "list", items: items.map((text) => ({ text, tone: "warning" as const })) }],
    actions: [...silences, ...elsewhere.filter(({ ending }) => !ending)]
      .slice(0, 4)
      .map(({ id }) => ({ label: `End ${id.slice(0, 8)}`, command: "unsilence", args: { silence: id } })),
  };
}

function silenceWords({ id, match, until, by, comment, there = [] }: Silence, now: number): string {
  const made = there.map(({ sender, id: its, fault }) =>
    its !== undefined
      ? `in Alertmanager of ${sender} too`
      : `not yet in Alertmanager of ${sender}${fault === undefined ? "" : `: ${fault}`}`,
  );
  return [`${id}: ${match}, for another ${span(until - now)}, by ${by.name}: ${comment}`, ...made].join(" · ");
}

function elsewhereWords(
  { id, match, from, until, by, comment, sender, ending }: MirroredSilence & { readonly sender: string },
  now: number,
): string {
  const when = from > now ? `from in ${span(from - now)} on` : `for another ${span(until - now)}`;
  const told = `${id.slice(0, 8)}: ${match}, ${when}, made in Alertmanager of ${sender} by ${by || "nobody named"}: ${comment}`;
  if (!ending) return told;
  return `${told} · ${ending.by} ends it${ending.fault === undefined ? "" : `, which it did not take yet: ${ending.fault}`}`;
}
