import { z } from "zod";
import { alertAccountCard, batchAccountCard } from "../cards/alert-account.ts";
import { alertRouteCard } from "../cards/alert-route.ts";
import type { FiringAlert } from "../domain/alerts/firing.ts";
import { type LabelledAlert, labelled, labelledEpisode } from "../domain/alerts/labelled-alert.ts";
import { routeAlert } from "../domain/alerts/route-alert.ts";
import { type CommandContext, defineCommand, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { Card } from "../domain/messages/card.ts";
import { alertAccountOf } from "../reads/alert-account.ts";
import { firingNow } from "../reads/firing.ts";
import { whatFires } from "./alerts-route.ts";
import { readableSystems } from "./fields.ts";

/** Also of what is read live, of which nothing is on record: its route can be told. */
export const alertsWhy = defineCommand({
  name: "alerts why",
  summary: "What became of an alert: when it came in, from where, and where it is told",
  permission: "read",
  examples: ["alerts why 1f0c9a2e77ab"],
  input: z.object({
    alert: z.string().min(8).max(64).meta({
      label: "Alert",
      help: "Its code, as alerts shows it, or the id that its sender was answered with",
      positional: true,
      suggest: "alerts",
    }),
  }),
  async run(input, context) {
    const code = input.alert.toLowerCase();
    const { now } = context.invocation;
    const account = await alertAccountOf(context.store, viewerOf(context), code);
    if (account?.kind === "batch") return { card: batchAccountCard(account, now) };
    if (account) {
      const route = await routeCard(context, labelledEpisode(account.newest));
      return { card: alertAccountCard(account, route, now), alerts: [account.code] };
    }
    const { alerts } = await firingNow(context, readableSystems(context));
    const live = alerts.find((each) => each.code === code);
    if (!live)
      throw new UserError(
        `Nothing is on record of an alert ${code} that you may see here, and none that is read live has this code.`,
        "alerts lists what fires, each with its code.",
      );
    return { card: liveCard(live, await routeCard(context, labelled(live))), alerts: [code] };
  },
});

async function routeCard(context: CommandContext, alert: LabelledAlert): Promise<Card> {
  const { now: at } = context.invocation;
  const { alerts, whole } = await whatFires(context, alert);
  const decision = routeAlert(context.routing, alert, at, alerts);
  return alertRouteCard({ alert, at, firing: whole }, decision, context.people.policy());
}

function liveCard({ system, summary, source }: FiringAlert, route: Card): Card {
  return {
    tone: "neutral",
    title: `${system}: ${summary}: read live from ${source}`,
    summary: "It was not posted to the bot, so nothing is on record of it.",
    blocks: [{ kind: "text", text: `By its route now: ${route.title}.` }, ...route.blocks],
  };
}
