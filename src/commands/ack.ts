import { z } from "zod";
import { acknowledgeAlert } from "../acts/alerts/acknowledge.ts";
import { unacknowledgeAlert } from "../acts/alerts/unacknowledge.ts";
import { ackCard, takenAlertsCard, unackCard } from "../cards/ack.ts";
import { metAlertsCard } from "../cards/met-alerts.ts";
import { longestAckMs } from "../domain/alerts/ack.ts";
import type { FiringAlert } from "../domain/alerts/firing.ts";
import { defineCommand, doneBy } from "../domain/commands/command.ts";
import { firingNow } from "../reads/firing.ts";
import { lastingField, lastingMs, readableSystems } from "./fields.ts";
import { alertsMet, isChoice } from "./met-alerts.ts";
import {
  aboutAlerts,
  alertsAmong,
  alertsNamed,
  goneAlerts,
  lastAlerts,
  lastToldCodes,
  namedAlerts,
  noAlertNamed,
} from "./named-alerts.ts";

/** All alerts that are named are acknowledged, or none: a code that does not fire stops the rest. */
export const ack = defineCommand({
  name: "ack",
  summary: "Say that you look after an alert. It silences nothing",
  permission: "respond",
  examples: [
    "ack",
    "ack 1f0c9a2e",
    "ack 1f0c9a2e 77ab03d1",
    "ack 1f0c9a2e for:2h",
    "ack system={system} severity=warning",
    'ack about:"lag of stream"',
  ],
  shortcut: { title: "Acknowledge", field: "alerts", of: "alerts" },
  input: z.object({
    alerts: lastAlerts,
    for: lastingField(longestAckMs, "then nobody has it, and it is told again").optional(),
    about: aboutAlerts,
    gone: goneAlerts,
  }),
  async run(input, context) {
    const { store, invocation } = context;
    const limits = {
      from: invocation.now,
      mostMs: longestAckMs,
      instead: "Leave for out: it counts until the alert is over.",
    };
    const lastsMs = input.for === undefined ? undefined : lastingMs(input.for, limits);
    if (isChoice(input)) {
      const met = await alertsMet(context, input, { right: "respond", unless: "held" });
      const args = input.for === undefined ? {} : { for: input.for };
      return { card: metAlertsCard(met, { command: "ack", args }), alerts: met.taken.map(({ code }) => code) };
    }
    const { gone } = input;
    const { found, firing } = await alertsAmong(context, input.alerts ?? (await lastToldCodes(context)), { gone });
    const results = await Promise.all(
      found.map(async (alert) => ({ alert, ...(await acknowledgeAlert(store, alert, doneBy(invocation), lastsMs)) })),
    );
    return {
      card: ackCard(results, besides(found, firing), { name: invocation.person.name, now: invocation.now }),
      alerts: found.map(({ code }) => code),
    };
  },
});

/** What else fires on the systems of these alerts. */
function besides(taken: readonly FiringAlert[], firing: readonly FiringAlert[]): readonly FiringAlert[] {
  const codes = new Set(taken.map(({ code }) => code));
  const systems = new Set(taken.map(({ system }) => system));
  return firing.filter(({ code, system }) => systems.has(system) && !codes.has(code));
}

/** Whoever may respond may take back another's acknowledgement too: who has left cannot do it themselves. */
export const unack = defineCommand({
  name: "unack",
  summary: "Take an acknowledgement back: nobody looks after the alert any more",
  permission: "respond",
  examples: ["unack", "unack 1f0c9a2e"],
  input: z.object({
    alert: z
      .string()
      .min(8)
      .max(40)
      .optional()
      .meta({
        ...namedAlerts.meta(),
        label: "Alert",
        help: "Its code, as alerts shows it; when left out, what somebody has is listed",
        rest: false,
      }),
  }),
  async run(input, context) {
    if (input.alert === undefined) {
      const { alerts } = await firingNow(context, readableSystems(context));
      return { card: takenAlertsCard(alerts, context.invocation.now) };
    }
    const [alert] = await alertsNamed(context, input.alert);
    if (!alert) throw noAlertNamed();
    const taken = await unacknowledgeAlert(context.store, alert.code, doneBy(context.invocation));
    return { card: unackCard(alert, taken !== undefined), alerts: [alert.code] };
  },
});
