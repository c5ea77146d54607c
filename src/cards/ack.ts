import type { Ack } from "../domain/alerts/ack.ts";
import type { FiringAlert } from "../domain/alerts/firing.ts";
import type { Card } from "../domain/messages/card.ts";
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
export function ackCard(results: readonly Acknowledged[], name: string, now: number): Card {
  const fresh = results.filter((each) => each.fresh);
  return {
    tone: "good",
    title: fresh.length === 0 ? "Acknowledged before" : `Acknowledged by ${name}`,
    blocks: [
      { kind: "list", items: results.map((each) => ({ text: resultWords(each, now), tone: "neutral" as const })) },
    ],
    actions: fresh.slice(0, mostButtons).map(({ alert }) => ({
      label: `Take back ${alert.summary}`,
      command: "unack",
      args: { alert: alert.code },
    })),
    footer: footerOf(fresh, now),
  };
}

function footerOf([first]: readonly Acknowledged[], now: number): string {
  const until = first?.ack.until;
  if (until === undefined) return "It counts until the alert is over; when it fires again, nobody has it.";
  return `It counts until the alert is over, and ${span(until - now)} at the most: nobody has it then, and it is told again.`;
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
