import { z } from "zod";
import { type Ack, acknowledgeAlert, alertCode, unacknowledgeAlert } from "../acts/alerts/acknowledge.ts";
import type { ActiveAlert } from "../domain/alerts/alert.ts";
import { type CommandContext, defineCommand, doneBy } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { decide } from "../domain/people/policy.ts";
import { ago } from "../domain/text/quantities.ts";
import { readableSystems } from "./fields.ts";
import { type Firing, firingNow } from "./firing.ts";

const alerts = z.string().min(8).max(2_000).meta({
  label: "Alerts",
  help: "The code beside the alert; several with spaces between",
  positional: true,
  rest: true,
  suggest: "alerts",
});

export const ack = defineCommand({
  name: "ack",
  summary: "Say that you look after an alert. It silences nothing",
  permission: "respond",
  examples: ["ack 1f0c9a2e", "ack 1f0c9a2e 77ab03d1"],
  shortcut: { title: "Acknowledge", field: "alerts", of: "alerts" },
  input: z.object({ alerts }),
  async run(input, context) {
    const found = await alertsNamed(context, input.alerts);
    const results = await Promise.all(
      found.map(async (alert) => ({
        alert,
        ...(await acknowledgeAlert(context.store, alert, doneBy(context.invocation))),
      })),
    );
    const fresh = results.filter((each) => each.fresh).length;
    return {
      card: {
        tone: "good",
        title: fresh === 0 ? "Acknowledged before" : `Acknowledged by ${context.invocation.person.name}`,
        blocks: [
          {
            kind: "list",
            items: results.map((each) => ({
              text: resultWords(each, context.invocation.now),
              tone: "neutral" as const,
            })),
          },
        ],
        actions: results
          .filter((each) => each.fresh)
          .slice(0, 4)
          .map(({ alert }) => ({
            label: `Take back ${alert.summary}`,
            command: "unack",
            args: { alert: alertCode(alert) },
          })),
        footer: "It counts until the alert is over; when it fires again, nobody has it.",
      },
      alerts: found.map(alertCode),
    };
  },
});

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
      .meta({ ...alerts.meta(), label: "Alert", rest: false }),
  }),
  async run(input, context) {
    const [alert] = await alertsNamed(context, input.alert);
    const taken = alert && (await unacknowledgeAlert(context.store, alertCode(alert), doneBy(context.invocation)));
    return {
      card: {
        tone: "warning",
        title: taken ? "Acknowledgement taken back" : "Nobody had acknowledged that",
        summary: `${alert?.system}: ${alert?.summary}`,
        blocks: [],
      },
      ...(alert && { alerts: [alertCode(alert)] }),
    };
  },
});

function resultWords({ alert, ack: given, fresh }: { alert: ActiveAlert; ack: Ack; fresh: boolean }, now: number) {
  const what = `${alert.system}: ${alert.summary}`;
  return fresh ? what : `${what}: ${given.by.name} has it since ${ago(given.at, now)}`;
}

/** The firing alerts with these codes, each of which the person may respond to. All or none. */
async function alertsNamed(context: CommandContext, text: string): Promise<readonly ActiveAlert[]> {
  const codes = [...new Set(text.toLowerCase().split(/[\s,]+/))].filter((code) => code !== "");
  if (codes.length === 0) throw new UserError("That names no alert.", "alerts lists what fires, each with its code.");
  const firing = await firingNow(context, readableSystems(context));
  const found = codes.map((code) => firing.alerts.find((alert) => alertCode(alert) === code) ?? unknown(code, firing));
  for (const { system } of found) {
    const { person, place } = context.invocation;
    const verdict = decide({ person, place, permission: "respond", system }, context.people.policy());
    if (!verdict.allowed) throw new UserError(verdict.why, verdict.remedy);
  }
  return found;
}

function unknown(code: string, { unread }: Firing): never {
  const why = unread.length === 0 ? "" : ` ${unread.length} of the sources could not be read: it may fire there.`;
  throw new UserError(
    `No alert ${code} is firing that you may see here.${why} Nothing was done.`,
    "alerts lists what fires, each with its code.",
  );
}
