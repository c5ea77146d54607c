import { z } from "zod";
import { backoffMs } from "../../domain/backoff.ts";
import type { Log } from "../../domain/log.ts";
import type { Troubles } from "../../domain/messages/trouble.ts";
import { pause } from "../chat/pause.ts";
import { SlackFaultError, type SlackWeb } from "./web.ts";

/** Who the bot is in its workspace. */
export interface SlackIdentity {
  readonly team: string;
  readonly user: string;
  readonly botId: string;
}

const Answer = z.object({ team_id: z.string(), user_id: z.string(), bot_id: z.string().default("") });
const longestPauseMs = 5_000;

/** Asks Slack who the bot is until it says so; a platform that is down at start is waited for. Ends early with the signal. */
export async function learnIdentity(parts: {
  readonly web: SlackWeb;
  readonly team: string | undefined;
  readonly troubles: Troubles;
  readonly log: Log;
  readonly signal: AbortSignal;
}): Promise<SlackIdentity | undefined> {
  const { web, team, troubles, log, signal } = parts;
  let said = "";
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      const answer = await web.call({ method: "auth.test", lane: "reply", send: (client) => client.auth.test() });
      const { team_id: own, user_id: user, bot_id: botId } = Answer.parse(answer);
      if (team === undefined || team === own) {
        troubles.clear("slack/unreachable");
        troubles.clear("slack/team");
        return { team: own, user, botId };
      }
      troubles.raise({
        id: "slack/team",
        surface: "slack",
        what: `SLACK_BOT_TOKEN is of another workspace (${own}) than slack.team in wardroom.yaml (${team}).`,
        remedy: "Set the token of the right workspace, or mend slack.team, and restart.",
        silences: true,
        deafens: true,
      });
    } catch (error) {
      const words = error instanceof Error ? error.message : "";
      if (words !== said) log.warn("Slack does not say who the bot is and is asked again", { why: words });
      said = words;
      // A token that is refused has been told as that.
      if (error instanceof SlackFaultError && error.fault.kind === "said-no") troubles.clear("slack/unreachable");
      else
        troubles.raise({
          id: "slack/unreachable",
          surface: "slack",
          what: "Slack could not be reached, so nobody is heard there.",
          remedy: "It is tried for ever. If it lasts, run: npx --no wardroom doctor",
          silences: true,
          deafens: true,
        });
    }
    await pause(backoffMs(attempt, { firstMs: 200, mostMs: longestPauseMs }), signal);
  }
  return undefined;
}
