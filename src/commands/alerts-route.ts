import { z } from "zod";
import { alertRouteCard, type RouteAsked } from "../cards/alert-route.ts";
import { alertWith, type LabelledAlert, labelled } from "../domain/alerts/labelled-alert.ts";
import { readLabels } from "../domain/alerts/read-matchers.ts";
import { routeAlert } from "../domain/alerts/route-alert.ts";
import { type CommandContext, defineCommand } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { parseMoment } from "../domain/text/moment.ts";
import { firingNow } from "../reads/firing.ts";
import { momentField, readableSystems } from "./fields.ts";

/** What could hide the alert is read live where it is asked about now; of another time nobody knows what fires. */
export const alertsRoute = defineCommand({
  name: "alerts route",
  summary: "Where an alert with these labels would be told, now or at a time, and why",
  permission: "read",
  examples: [
    "alerts route system={system} severity=critical",
    "alerts route at:03:00 system={system} severity=warning",
  ],
  input: z.object({
    labels: z
      .string()
      .min(1)
      .max(2_000)
      .meta({ label: "Labels", help: "For example system=…, severity=critical", positional: true, rest: true }),
    at: momentField("At", "03:00 for a time in UTC, or 2026-11-28T03:00+01:00", "named").optional(),
  }),
  async run(input, context) {
    const alert = alertWith(readLabels(input.labels));
    const at = input.at === undefined ? context.invocation.now : timeOf(input.at, context.invocation.now);
    const { alerts, whole } =
      input.at === undefined ? await whatFires(context, alert) : { alerts: [], whole: "not" as const };
    const decision = routeAlert(context.routing, alert, at, alerts);
    return { card: alertRouteCard({ alert, at, firing: whole }, decision, context.people.policy()) };
  },
});

/** What fires is read only where a rule could hide the alert behind it, and of systems that the person may read. */
export async function whatFires(
  context: CommandContext,
  alert: LabelledAlert,
): Promise<{ readonly alerts: readonly LabelledAlert[]; readonly whole: RouteAsked["firing"] }> {
  if (routeAlert(context.routing, alert, context.invocation.now).couldInhibit.length === 0)
    return { alerts: [], whole: "whole" };
  const { alerts, unreadWatched } = await firingNow(context, readableSystems(context));
  return { alerts: alerts.map(labelled), whole: unreadWatched > 0 ? "half" : "whole" };
}

function timeOf(text: string, now: number): number {
  const at = parseMoment(text, now);
  if (at !== undefined) return at;
  throw new UserError(
    `at: does not understand ${text}.`,
    "Write 03:00 for a time in UTC, 2026-11-28T03:00+01:00 for a date with a zone, or 90m for how long ago.",
  );
}
