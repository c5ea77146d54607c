import { z } from "zod";
import type { ListItem } from "../domain/card.ts";
import { defineCommand } from "../domain/command.ts";
import type { ActiveAlert } from "../domain/ports.ts";
import { ago } from "../domain/words.ts";
import { readableSystems, system, systemNamed } from "./fields.ts";

export const alerts = defineCommand({
  name: "alerts",
  summary: "What is firing now, read live from every source",
  permission: "read",
  systemField: "system",
  examples: ["alerts", "alerts alphapulse"],
  input: z.object({ system: system.optional() }),
  async run(input, context) {
    const systems = input.system === undefined ? readableSystems(context) : [systemNamed(context, input.system)];
    const sources = (
      await Promise.all(
        systems.map(async (each) => (await context.alerts.active(each)).map((source) => ({ ...source, system: each }))),
      )
    ).flat();
    const firing = sources.flatMap(({ reading }) => (reading.ok ? reading.value : []));
    const unread = sources.flatMap(({ system: on, source, reading }): ListItem[] =>
      reading.ok ? [] : [{ text: `${on.id}, ${source}: ${reading.detail}`, tone: "unknown" }],
    );
    const rank = { critical: 0, warning: 1, info: 2 } as const;
    const items = firing
      .toSorted((a, b) => rank[a.severity] - rank[b.severity])
      .map(
        (alert): ListItem => ({
          text: wordsOf(alert, context.asking.now),
          tone: alert.severity === "critical" ? "bad" : alert.severity === "warning" ? "warning" : "neutral",
        }),
      );
    return {
      card: {
        tone: firing.some((alert) => alert.severity === "critical")
          ? "bad"
          : unread.length > 0
            ? "unknown"
            : firing.length > 0
              ? "warning"
              : "good",
        title: titleOf(firing.length, unread.length, sources.length),
        ...(unread.length > 0 && { summary: "What could not be read may be firing too." }),
        blocks: items.length + unread.length > 0 ? [{ kind: "list", items: [...items, ...unread] }] : [],
      },
    };
  },
});

function titleOf(firing: number, unread: number, sources: number): string {
  if (sources === 0) return "No alert source is configured";
  const words = firing === 0 ? "Nothing is firing" : `${firing} firing`;
  return unread === 0
    ? words
    : `${firing === 0 ? "Nothing known to fire" : words}; ${unread} of ${sources} sources could not be read`;
}

/** The system's own word for the severity stands beside ours. */
function wordsOf(alert: ActiveAlert, now: number): string {
  const since = alert.since === undefined ? "" : `, since ${ago(alert.since, now)}`;
  const hint = alert.hint === undefined ? "" : ` → ${alert.hint}`;
  return `${alert.system}: ${alert.summary} (${alert.ownSeverity}${since})${hint}`;
}
