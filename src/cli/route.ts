import { parseArgs } from "node:util";
import { plainCard } from "../bot/chat/plain-card.ts";
import { alertRouteCard } from "../cards/alert-route.ts";
import { configFor } from "../compose/config.ts";
import { alertWith } from "../domain/alerts/labelled-alert.ts";
import { readLabels } from "../domain/alerts/read-matchers.ts";
import { routeAlert } from "../domain/alerts/route-alert.ts";
import { routingOf } from "../domain/alerts/routing.ts";
import { UserError } from "../domain/failure.ts";
import { parseMoment } from "../domain/text/moment.ts";
import { environmentOrRefuse } from "./environment.ts";

/** Exit codes, for scripts. */
const [isTold, isUntold] = [0, 3];

const help = `For example: wardroom route test '{system="alphapulse", severity="critical"}' --at 03:00`;

/**
 * `wardroom route test '{…}' [--at <time>]`: where an alert with these labels would be told by the files, and why. No bot
 * runs for it and nothing is asked over the network, so that what could hide the alert is told and not looked for.
 */
export async function testRoute(args: readonly string[]): Promise<number> {
  const { labels, at: typed } = readArguments(args);
  const alert = alertWith(readLabels(labels));
  const now = Date.now();
  const at = typed === undefined ? now : parseMoment(typed, now);
  if (at === undefined)
    throw new UserError(
      `--at: does not understand ${typed}.`,
      "Write 03:00 for a time in UTC, or 2026-11-28T03:00+01:00 for a date with a zone.",
    );
  const config = await configFor(environmentOrRefuse());
  const decision = routeAlert(routingOf(config.alerts, config.systems), alert, at);
  process.stdout.write(plainCard(alertRouteCard({ alert, at, firing: "not" }, decision, config.policy), now));
  const hasOperators = config.policy.channels.some(({ operator }) => operator);
  return decision.channels.length > 0 || (decision.toOperators && hasOperators) ? isTold : isUntold;
}

function readArguments(args: readonly string[]): { labels: string; at?: string } {
  const { values, positionals } = parse(args);
  const [word, labels, ...more] = positionals;
  if (word !== "test" || labels === undefined || more.length > 0)
    throw new UserError("route takes the word test and the labels of an alert, in quotes.", help);
  return { labels, ...(values.at !== undefined && { at: values.at }) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { at: { type: "string" } }, allowPositionals: true });
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : "The arguments could not be read.", help);
  }
}
