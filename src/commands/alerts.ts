import { z } from "zod";
import { alertsCard } from "../cards/alerts.ts";
import { defineCommand } from "../domain/commands/command.ts";
import { firingNow } from "../reads/firing.ts";
import { readableSystems, system, systemNamed } from "./fields.ts";

/** Every source is read live. One that cannot be read is said, because an alert may fire there. */
export const alerts = defineCommand({
  name: "alerts",
  summary: "What is firing now, read live from every source",
  permission: "read",
  systemField: "system",
  examples: ["alerts", "alerts {system}"],
  input: z.object({ system: system.optional() }),
  async run(input, context) {
    const systems = input.system === undefined ? readableSystems(context) : [systemNamed(context, input.system)];
    const firing = await firingNow(context, systems);
    return { card: alertsCard(firing, context.invocation.now), alerts: firing.alerts.map(({ code }) => code) };
  },
});
