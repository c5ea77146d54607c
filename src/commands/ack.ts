import { z } from "zod";
import { acknowledgeAlert } from "../acts/alerts/acknowledge.ts";
import { unacknowledgeAlert } from "../acts/alerts/unacknowledge.ts";
import { ackCard, unackCard } from "../cards/ack.ts";
import { longestAckMs } from "../domain/alerts/ack.ts";
import type { Firing, FiringAlert } from "../domain/alerts/firing.ts";
import { type CommandContext, defineCommand, doneBy, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { may } from "../domain/people/viewer.ts";
import { parseSpan } from "../domain/text/moment.ts";
import { firingNow } from "../reads/firing.ts";
import { lastTold } from "../reads/last-told.ts";
import { readableSystems } from "./fields.ts";

const alerts = z.string().min(8).max(2_000).meta({
  label: "Alerts",
  help: "The code beside the alert; several with spaces between",
  positional: true,
  rest: true,
  suggest: "alerts",
});

const helpAlerts = "The code beside the alert; several with spaces between; the last that was told here when left out";

/** All alerts that are named are acknowledged, or none: a code that does not fire stops the rest. */
export const ack = defineCommand({
  name: "ack",
  summary: "Say that you look after an alert. It silences nothing",
  permission: "respond",
  examples: ["ack", "ack 1f0c9a2e", "ack 1f0c9a2e 77ab03d1", "ack 1f0c9a2e for:2h"],
  shortcut: { title: "Acknowledge", field: "alerts", of: "alerts" },
  input: z.object({
    alerts: alerts.optional().meta({ ...alerts.meta(), help: helpAlerts }),
    for: z
      .string()
      .max(20)
      .optional()
      .meta({ label: "For", help: "30m, 2h: then nobody has it, and it is told again" }),
  }),
  async run(input, context) {
    const { store, invocation } = context;
    const lastsMs = lastsIn(input.for);
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
      .meta({ ...alerts.meta(), label: "Alert", help: "Its code, as alerts shows it", rest: false }),
  }),
  async run(input, context) {
    const [alert] = await alertsNamed(context, input.alert);
    if (!alert) throw noAlertNamed();
    const taken = await unacknowledgeAlert(context.store, alert.code, doneBy(context.invocation));
    return { card: unackCard(alert, taken !== undefined), alerts: [alert.code] };
  },
});

function lastsIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseSpan(text);
  if (ms === undefined || ms <= 0 || ms > longestAckMs)
    throw new UserError(`for: does not take ${text}. Nothing was done.`, "Write 30m, 2h or 1d; 7d are the most.");
  return ms;
}

async function lastToldCodes({ store, invocation: { account, place } }: CommandContext): Promise<string> {
  const codes = await lastTold(store, { account, place });
  if (codes.length > 0) return codes.join(" ");
  throw new UserError(
    "No alert was told here, or to you, that still fires and that nobody has. Nothing was done.",
    "alerts lists what fires, each with its code.",
  );
}

/** The firing alerts with these codes, each of which the person may respond to. All or none. */
async function alertsNamed(context: CommandContext, text: string): Promise<readonly FiringAlert[]> {
  const codes = [...new Set(text.toLowerCase().split(/[\s,]+/))].filter((code) => code !== "");
  if (codes.length === 0) throw noAlertNamed();
  const firing = await firingNow(context, readableSystems(context));
  const found = codes.map((code) => {
    const [alert, ...others] = firing.alerts.filter((each) => each.code === code);
    if (others.length > 0) throw severalNamed(code);
    return alert ?? unknown(code, firing);
  });
  for (const { system } of found) {
    const verdict = may(viewerOf(context), "respond", system);
    if (!verdict.allowed) throw new UserError(verdict.why, verdict.remedy);
  }
  return found;
}

function severalNamed(code: string): UserError {
  return new UserError(
    `${code} is the code of more than one alert that fires. Nothing was done.`,
    "Tell whoever runs Wardroom: sources have to call their alerts something else.",
  );
}

function noAlertNamed(): UserError {
  return new UserError("That names no alert.", "alerts lists what fires, each with its code.");
}

function unknown(code: string, { unreadWatched: unread, watched }: Firing): never {
  const why = unread === 0 ? "" : ` ${unread} of ${watched} sources and rules could not be read: it may fire there.`;
  throw new UserError(
    `No alert ${code} is firing that you may see here.${why} Nothing was done.`,
    "alerts lists what fires, each with its code.",
  );
}
