import { z } from "zod";
import { snoozeAlert, unsnoozeAlert } from "../acts/alerts/snooze.ts";
import { metAlertsCard } from "../cards/met-alerts.ts";
import { snoozeCard, unsnoozeCard } from "../cards/snooze.ts";
import { longestSnoozeMs, type SnoozeScope } from "../domain/alerts/snooze.ts";
import { type CommandContext, defineCommand, doneBy, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { accountsOf } from "../domain/people/person.ts";
import { may } from "../domain/people/viewer.ts";
import { lastingField, lastingMs } from "./fields.ts";
import { alertsMet, isChoice } from "./met-alerts.ts";
import { aboutAlerts, alertsNamed, goneAlerts, lastAlerts, lastToldCodes, namedAlerts } from "./named-alerts.ts";

/** Whoever reads of an alert may keep it from calling themselves; to keep it from others takes the right to respond. */
export const snooze = defineCommand({
  name: "snooze",
  summary: "Hear no more of an alert for a time, or let a channel: not what is new, severe, or worse",
  permission: "read",
  changes: true,
  examples: [
    "snooze",
    "snooze 1f0c9a2e for:2h",
    "snooze 1f0c9a2e whom:channel",
    "snooze system={system} severity=warning for:2h",
  ],
  input: z.object({
    alerts: lastAlerts,
    for: lastingField(longestSnoozeMs).default("1h"),
    whom: z
      .enum(["me", "channel"])
      .default("me")
      .meta({ label: "Whom", help: "channel: nothing is said of it here, and nobody called" }),
    about: aboutAlerts,
    gone: goneAlerts,
  }),
  async run(input, context) {
    const { store, invocation } = context;
    const ms = lastingMs(input.for, {
      from: invocation.now,
      mostMs: longestSnoozeMs,
      instead: "Snooze it again when it is over, or silence it, which takes a reason.",
    });
    const scope = input.whom === "me" ? ownScope(context) : channelScope(context);
    const right = input.whom === "me" ? "read" : "respond";
    if (isChoice(input)) {
      const met = await alertsMet(context, input, { right, unless: "nobody" });
      const args = { for: input.for, whom: input.whom };
      return { card: metAlertsCard(met, { command: "snooze", args }), alerts: met.taken.map(({ code }) => code) };
    }
    const codes = input.alerts ?? (await lastToldCodes(context));
    const found = await alertsNamed(context, codes, { right, gone: input.gone });
    const snoozed = await Promise.all(
      found.map(async (alert) => ({
        alert,
        snooze: await snoozeAlert(store, alert, { ms, scope }, doneBy(invocation)),
      })),
    );
    return { card: snoozeCard(snoozed, invocation.now), alerts: found.map(({ code }) => code) };
  },
});

export const unsnooze = defineCommand({
  name: "unsnooze",
  summary: "End the snooze of an alert, for you and, where you may respond, for the channel",
  permission: "read",
  changes: true,
  examples: ["unsnooze 1f0c9a2e"],
  input: z.object({ alerts: namedAlerts }),
  async run(input, context) {
    const { store, invocation } = context;
    const found = await alertsNamed(context, input.alerts, { right: "read" });
    const ended = await Promise.all(
      found.map(async ({ code, system, summary }) => {
        const scopes = [ownScope(context), ...(mayForChannel(context, system) ? [channelScope(context)] : [])];
        const over = await unsnoozeAlert(store, code, scopes, doneBy(invocation));
        return { summary: `${system}: ${summary}`, count: over.length };
      }),
    );
    return { card: unsnoozeCard(ended), alerts: found.map(({ code }) => code) };
  },
});

function ownScope({ invocation: { person } }: CommandContext): SnoozeScope {
  return { kind: "person", accounts: accountsOf(person) };
}

function channelScope({ invocation: { place } }: CommandContext): SnoozeScope {
  if (place.direct)
    throw new UserError(
      "Here only you are told of alerts. Nothing was snoozed.",
      "Ask in the channel that it is meant for, or leave whom out: it is for you then.",
    );
  return { kind: "channel", surface: place.surface, channel: place.channel };
}

function mayForChannel(context: CommandContext, system: string): boolean {
  return !context.invocation.place.direct && may(viewerOf(context), "respond", system).allowed;
}
