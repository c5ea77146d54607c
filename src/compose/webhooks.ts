import type { FastifyInstance } from "fastify";
import type { Log } from "../domain/log.ts";
import type { LiveSender } from "../intake/authenticate.ts";
import { registerWebhooks } from "../intake/register-webhooks.ts";
import type { RunningBot } from "./bot.ts";
import type { Snapshot } from "./configuration.ts";

/** Where alerts are posted to the bot, for as long as it serves. */
export function openWebhooks(
  app: FastifyInstance,
  { bot, log }: { readonly bot: RunningBot; readonly log: Log },
): void {
  registerWebhooks(app, {
    store: bot.store,
    log,
    senders: () => liveSenders(bot.current()),
    quarantined: () => bot.quarantined(),
  });
}

/** A token that is not there is no token: the files that are in use had each of them when they were read. */
function liveSenders({ config, secrets }: Snapshot): readonly LiveSender[] {
  return config.alerts.senders.map(({ id, kind, system, auth, map }) => ({
    id,
    kind,
    system,
    tokens: auth.tokens.flatMap((reference) => secrets?.get(reference.replace(/^env:/, "")) || []),
    ...(map && { map }),
    ...(auth.user !== undefined && { user: auth.user }),
  }));
}
