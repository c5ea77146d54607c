import type { Ack } from "../domain/alerts/ack.ts";
import type { FiringAlert } from "../domain/alerts/firing.ts";
import type { Card, CardAction } from "../domain/messages/card.ts";
import { ago, span } from "../domain/text/quantities.ts";

/** More buttons than this are no help on a phone. */
const mostButtons = 4;

/** One alert that was to be acknowledged; `fresh` is false when somebody had it before. */
export interface Acknowledged {
  readonly alert: FiringAlert;
  readonly ack: Ack;
  readonly fresh: boolean;
}

/** Who looks after these alerts from now on, with a button to take each back. */
export function ackCard(
  results: readonly Acknowledged[],
  besides: readonly FiringAlert[],
  { name, now }: { readonly name: string; readonly now: number },
): Card {
  const fresh = results.filter((each) => each.fresh);
  return {
    tone: "good",
    title: fresh.length === 0 ? "Acknowledged before" : `Acknowledged by ${name}`,
    blocks: [
      { kind: "list", items: results.map((each) => ({ text: resultWords(each, now), tone: "neutral" as const })) },
      ...(besides.length > 0 ? [{ kind: "text" as const, text: besidesWords(besides) }] : []),
    ],
    actions: fresh.slice(0, mostButtons).map(({ alert }) => takeBack(alert)),
    footer: footerOf(fresh, now),
  };
}

function footerOf([first]: readonly Acknowledged[], now: number): string {
  const until = first?.ack.until;
  if (until === undefined) return "It counts until the alert is over; when it fires again, nobody has it.";
  return `It counts until the alert is over, and ${span(until - now)} at the most: nobody has it then, and it is told again.`;
}

/** `2 more fire on alphapulse: Boris has 1, nobody has 1.` */
function besidesWords(besides: readonly FiringAlert[]): string {
  const systems = [...new Set(besides.map(({ system }) => system))];
  const holders = Map.groupBy(besides, ({ ack }) => ack?.by.name ?? "nobody");
  const each = [...holders].map(([name, { length }]) => `${name} has ${length}`);
  return `${besides.length} more ${besides.length === 1 ? "fires" : "fire"} on ${systems.join(", ")}: ${each.join(", ")}.`;
}

/** So many are listed to be taken back. */
const mostTaken = 20;

/** What somebody has of what fires, each with a button to take it back. */
export function takenAlertsCard(firing: readonly FiringAlert[], now: number): Card {
  const taken = firing.flatMap((alert) => (alert.ack ? [{ alert, ack: alert.ack }] : []));
  if (taken.length === 0)
    return { tone: "neutral", title: "Nobody has acknowledged any alert that fires here", blocks: [] };
  return {
    tone: "neutral",
    title: `${taken.length} of ${firing.length} firing ${taken.length === 1 ? "is" : "are"} acknowledged`,
    summary: "unack with a code takes one back: nobody has it then.",
    blocks: [
      {
        kind: "list",
        items: taken.slice(0, mostTaken).map(({ alert: { system, summary, code }, ack }) => ({
          text: `${system}: ${summary}: ${ack.by.name} has it since ${ago(ack.at, now)} · ${code}`,
        })),
      },
    ],
    actions: taken.slice(0, mostButtons).map(({ alert }) => takeBack(alert)),
  };
}

function takeBack({ summary, code }: FiringAlert): CardAction {
  return { label: `Take back ${summary}`, command: "unack", args: { alert: code } };
}

/** `taken` is false when nobody had acknowledged it. */
export function unackCard({ system, summary }: Pick<FiringAlert, "system" | "summary">, taken: boolean): Card {
  return {
    tone: "warning",
    title: taken ? "Acknowledgement taken back" : "Nobody had acknowledged that",
    summary: `${system}: ${summary}`,
    blocks: [],
  };
}

function resultWords({ alert, ack, fresh }: Acknowledged, now: number): string {
  const what = `${alert.system}: ${alert.summary}`;
  return fresh ? what : `${what}: ${ack.by.name} has it since ${ago(ack.at, now)}`;
}
