import { z } from "zod";
import { acknowledgeAlert } from "../acts/alerts/acknowledge.ts";
import { unacknowledgeAlert } from "../acts/alerts/unacknowledge.ts";
import { ackCard, unackCard } from "../cards/ack.ts";
import { longestAckMs } from "../domain/alerts/ack.ts";
import { defineCommand, doneBy } from "../domain/commands/command.ts";
import { lastingField, lastingMs } from "./fields.ts";
import { alertsNamed, lastAlerts, lastToldCodes, namedAlerts, noAlertNamed } from "./named-alerts.ts";

/** All alerts that are named are acknowledged, or none: a code that does not fire stops the rest. */
export const ack = defineCommand({
  name: "ack",
  summary: "Say that you look after an alert. It silences nothing",
  permission: "respond",
  examples: ["ack", "ack 1f0c9a2e", "ack 1f0c9a2e 77ab03d1", "ack 1f0c9a2e for:2h"],
  shortcut: { title: "Acknowledge", field: "alerts", of: "alerts" },
  input: z.object({
    alerts: lastAlerts,
    for: lastingField(longestAckMs, "then nobody has it, and it is told again").optional(),
  }),
  async run(input, context) {
    const { store, invocation } = context;
    const limits = {
      from: invocation.now,
      mostMs: longestAckMs,
      instead: "Leave for out: it counts until the alert is over.",
    };
    const lastsMs = input.for === undefined ? undefined : lastingMs(input.for, limits);
    const found = await alertsNamed(context, input.alerts ?? (await lastToldCodes(context)));
    const results = await Promise.all(
      found.map(async (alert) => ({ alert, ...(await acknowledgeAlert(store, alert, doneBy(invocation), lastsMs)) })),
    );
    return {
      card: ackCard(results, invocation.person.name, invocation.now),
      alerts: found.map(({ code }) => code),
    };
  },
});

/** Whoever may respond may take back another's acknowledgement too: who has left cannot do it themselves. */
export const unack = defineCommand({
  name: "unack",
  summary: "Take an acknowledgement back: nobody looks after the alert any more",
  permission: "respond",
  examples: ["unack 1f0c9a2e"],
  input: z.object({
    alert: z
      .string()
      .min(8)
      .max(40)
      .meta({ ...namedAlerts.meta(), label: "Alert", help: "Its code, as alerts shows it", rest: false }),
  }),
  async run(input, context) {
    const [alert] = await alertsNamed(context, input.alert);
    if (!alert) throw noAlertNamed();
    const taken = await unacknowledgeAlert(context.store, alert.code, doneBy(context.invocation));
    return { card: unackCard(alert, taken !== undefined), alerts: [alert.code] };
  },
});
