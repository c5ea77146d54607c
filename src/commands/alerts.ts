import { z } from "zod";
import { alertsCard } from "../cards/alerts.ts";
import type { Firing, FiringAlert } from "../domain/alerts/firing.ts";
import { defineCommand } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { parseSpan } from "../domain/text/spoken-span.ts";
import { firingNow } from "../reads/firing.ts";
import { withCauses } from "../reads/hidden-alerts.ts";
import { withSilences } from "../reads/silences.ts";
import { withSnoozes } from "../reads/snoozes.ts";
import { readableSystems, system, systemNamed } from "./fields.ts";

const states = ["open", "acknowledged", "snoozed", "silenced"] as const;
type State = (typeof states)[number];

/** Every source is read live. One that cannot be read is said, because an alert may fire there. */
export const alerts = defineCommand({
  name: "alerts",
  summary: "What is firing now, read live from every source",
  permission: "read",
  systemField: "system",
  examples: ["alerts", "alerts {system}", "alerts severity:critical state:open", "alerts older:1h"],
  input: z.object({
    system: system.optional(),
    severity: z.enum(["critical", "warning", "info"]).optional().meta({ label: "Severity" }),
    state: z.enum(states).optional().meta({ label: "State", help: "open: nobody looks after it" }),
    about: z.string().max(100).optional().meta({ label: "About", help: "Words that its text holds, in any case" }),
    older: z.string().max(20).optional().meta({ label: "Older than", help: "How long it has fired: 30m, 2h" }),
  }),
  async run(input, context) {
    const systems = input.system === undefined ? readableSystems(context) : [systemNamed(context, input.system)];
    const { now } = context.invocation;
    const found = await firingNow(context, systems);
    const { neverMuted } = context.routing;
    const silenced = await withSilences(context.store, found.alerts, { now, neverMuted });
    const snoozed = await withSnoozes(context.store, silenced, now);
    const known = { ...found, alerts: withCauses(context.routing, snoozed) };
    const firing = chosen(known, { ...input, before: beforeOf(input.older, now) });
    return { card: alertsCard(firing, now), alerts: firing.alerts.map(({ code }) => code) };
  },
});

interface Chosen {
  readonly severity?: FiringAlert["severity"] | undefined;
  readonly state?: State | undefined;
  readonly about?: string | undefined;
  readonly before: number | undefined;
}

/** Those alone that are asked for. What could not be read is told all the same: it may be among them. */
function chosen(firing: Firing, { severity, state, about, before }: Chosen): Firing {
  const wanted = firing.alerts.filter(
    (alert) =>
      (severity === undefined || alert.severity === severity) &&
      (state === undefined || isIn(state, alert)) &&
      (about === undefined || alert.summary.toLowerCase().includes(about.toLowerCase())) &&
      (before === undefined || (alert.since !== undefined && alert.since <= before)),
  );
  const isAll = [severity, state, about, before].every((asked) => asked === undefined);
  return isAll
    ? firing
    : { ...firing, alerts: wanted, isApart: about !== undefined, soon: [], left: firing.alerts.length - wanted.length };
}

function isIn(state: State, { ack, silencedUntil, snoozes }: FiringAlert): boolean {
  if (state === "snoozed") return snoozes !== undefined;
  if (state === "silenced") return silencedUntil !== undefined;
  return (state === "acknowledged") === (ack !== undefined);
}

function beforeOf(older: string | undefined, now: number): number | undefined {
  if (older === undefined) return undefined;
  const ms = parseSpan(older);
  if (ms === undefined) throw new UserError(`older: does not understand ${older}.`, "Write 30m, 2h or 1d.");
  return now - ms;
}
