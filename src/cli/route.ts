import { parseArgs } from "node:util";
import { takenInKeptMs } from "../acts/alerts/tidy-taken-in.ts";
import { plainCard } from "../bot/chat/plain-card.ts";
import { alertReplayCard } from "../cards/alert-replay.ts";
import { alertRouteCard } from "../cards/alert-route.ts";
import { configFor } from "../compose/config.ts";
import { openStore } from "../compose/open-store.ts";
import { alertWith } from "../domain/alerts/labelled-alert.ts";
import { readLabels } from "../domain/alerts/read-matchers.ts";
import { replayed } from "../domain/alerts/replay.ts";
import { routeAlert } from "../domain/alerts/route-alert.ts";
import { routingOf } from "../domain/alerts/routing.ts";
import { UserError } from "../domain/failure.ts";
import { parseMoment } from "../domain/text/moment.ts";
import { recentEpisodes } from "../reads/recent-episodes.ts";
import { environmentOrRefuse } from "./environment.ts";

/** Exit codes, for scripts. */
const [isTold, isUntold] = [0, 3];

const help = `For example: wardroom route test '{system="alphapulse", severity="critical"}' --at 03:00`;

/** `wardroom route test …` or `wardroom route replay …`. */
export async function routeCommand(args: readonly string[]): Promise<number> {
  const [word, ...rest] = args;
  return word === "replay" ? replayRoutes(rest) : testRoute(args);
}

/**
 * `wardroom route replay [--since 7d]`: what the routes of the files, also those in shadow, would have done with the alerts that the
 * bot of this state took in. Nothing is changed, and the bot may run.
 */
async function replayRoutes(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args, { since: { type: "string" } });
  if (positionals.length > 0) throw new UserError("route replay takes no labels.", "route replay --since 7d");
  const environment = environmentOrRefuse();
  const config = await configFor(environment);
  const store = await openStore(environment);
  try {
    const now = await store.now();
    const typed = values["since"] ?? "7d";
    const since = parseMoment(typed, now);
    if (since === undefined || since >= now)
      throw new UserError(`--since: does not understand ${typed}.`, "Write 7d or 36h for how long ago.");
    const from = Math.max(since, now - takenInKeptMs);
    const { episodes, isMore } = await recentEpisodes(store, from);
    const replay = replayed(routingOf(config.alerts, config.systems, config.oncall), episodes);
    const card = alertReplayCard(replay, { rangeMs: now - from, isMore, onlyShadow: false });
    process.stdout.write(plainCard(card, now));
    return 0;
  } finally {
    await store.close();
  }
}

/**
 * `wardroom route test '{…}' [--at <time>]`: where an alert with these labels would be told by the files, and why. No bot
 * runs for it and nothing is asked over the network, so that what could hide the alert is told and not looked for.
 */
async function testRoute(args: readonly string[]): Promise<number> {
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
  const decision = routeAlert(routingOf(config.alerts, config.systems, config.oncall), alert, at);
  process.stdout.write(plainCard(alertRouteCard({ alert, at, firing: "not" }, decision, config.policy), now));
  const hasOperators = config.policy.channels.some(({ operator }) => operator);
  return decision.channels.length > 0 || (decision.toOperators && hasOperators) ? isTold : isUntold;
}

function readArguments(args: readonly string[]): { labels: string; at?: string } {
  const { values, positionals } = parse(args, { at: { type: "string" } });
  const [word, labels, ...more] = positionals;
  if (word !== "test" || labels === undefined || more.length > 0)
    throw new UserError("route takes the word test and the labels of an alert, in quotes, or the word replay.", help);
  return { labels, ...(values["at"] !== undefined && { at: values["at"] }) };
}

function parse(args: readonly string[], options: Readonly<Record<string, { readonly type: "string" }>>) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : "The arguments could not be read.", help);
  }
}
