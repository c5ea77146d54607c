import { z } from "zod";
import { alertCode } from "../acts/alerts/acknowledge.ts";
import { defineCommand } from "../domain/commands/command.ts";
import type { CardAction, Tone } from "../domain/messages/card.ts";
import { readableSystems, system, systemNamed } from "./fields.ts";
import { type Firing, firingItems, firingNow } from "./firing.ts";

export const alerts = defineCommand({
  name: "alerts",
  summary: "What is firing now, read live from every source",
  permission: "read",
  systemField: "system",
  examples: ["alerts", "alerts alphapulse"],
  input: z.object({ system: system.optional() }),
  async run(input, context) {
    const systems = input.system === undefined ? readableSystems(context) : [systemNamed(context, input.system)];
    const firing = await firingNow(context, systems);
    const items = firingItems(firing, context.invocation.now);
    return {
      card: {
        tone: toneOf(firing),
        title: titleOf(firing),
        ...(firing.unread.length > 0 && { summary: "What could not be read may be firing too." }),
        blocks: items.length > 0 ? [{ kind: "list", items }] : [],
        actions: ackActions(firing),
      },
      alerts: firing.alerts.map(alertCode),
    };
  },
});

/** A button for the worst that nobody has yet. */
function ackActions({ alerts: firing, acks }: Firing): CardAction[] {
  return firing
    .filter((alert) => !acks.has(alertCode(alert)))
    .slice(0, 4)
    .map((alert) => ({
      label: `Ack ${alert.summary}`,
      command: "ack",
      args: { alerts: alertCode(alert) },
    }));
}

function toneOf({ alerts: firing, unread }: Firing): Tone {
  if (firing.some((alert) => alert.severity === "critical")) return "bad";
  if (unread.length > 0) return "unknown";
  return firing.length > 0 ? "warning" : "good";
}

function titleOf({ alerts: firing, unread, sources }: Firing): string {
  if (sources === 0) return "No alert source is configured";
  if (unread.length === 0) return firing.length === 0 ? "Nothing is firing" : `${firing.length} firing`;
  const known = firing.length === 0 ? "Nothing known to fire" : `${firing.length} firing`;
  return `${known}; ${unread.length} of ${sources} sources could not be read`;
}
