import type { SilenceEnding } from "../domain/alerts/silence-ending.ts";
import type { Card } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { counted } from "../domain/text/quantities.ts";

/** A silence that ends soon while something that it hides still fires, with a button to go on. */
export function silenceEndingCard({ id, match, until, by, comment, sender, count, alerts, at }: SilenceEnding): Card {
  const where = sender === undefined ? "" : ` in Alertmanager of ${sender}`;
  const left = count - alerts.length;
  return {
    tone: "warning",
    title: `A silence ends at ${clock(until, at)}, and ${counted(count, "alert")} still ${count === 1 ? "fires" : "fire"}`,
    summary: `${by || "Nobody named"} made it${where} for ${match}: ${comment} When it is over, what fires is told.`,
    blocks: [
      { kind: "list", items: alerts.map((text) => ({ text, tone: "warning" as const })) },
      ...(left > 0 ? [{ kind: "text" as const, text: `and ${left} more` }] : []),
    ],
    actions: [
      { label: "Silence for 1 h more…", command: "silence", args: { alerts: match, for: "1h" }, ask: ["comment"] },
    ],
    footer: `Silence ${id}`,
  };
}
