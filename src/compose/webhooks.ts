import type { FastifyInstance } from "fastify";
import type { AlertSender } from "../domain/alerts/sender.ts";
import type { Log } from "../domain/log.ts";
import type { Credentials, LiveSender } from "../intake/authenticate.ts";
import type { LiveHeartbeat } from "../intake/heartbeat.ts";
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
    heartbeats: () => liveHeartbeats(bot.current()),
    quarantined: () => bot.quarantined(),
    arrives: () => bot.arrives(),
  });
}

function liveSenders({ config, secrets }: Snapshot): readonly LiveSender[] {
  return config.alerts.senders.map(({ id, kind, system, auth, map }) => ({
    id,
    kind,
    system,
    ...credentialsOf(auth, secrets),
    ...(map && { map }),
  }));
}

function liveHeartbeats({ config, secrets }: Snapshot): readonly LiveHeartbeat[] {
  return config.alerts.heartbeats.map(({ id, auth }) => ({ id, ...credentialsOf(auth, secrets) }));
}

/** A token that is not there is no token: the files that are in use had each of them when they were read. */
function credentialsOf({ tokens, user }: AlertSender["auth"], secrets: Snapshot["secrets"]): Credentials {
  return {
    tokens: tokens.flatMap((reference) => secrets?.get(reference.replace(/^env:/, "")) || []),
    ...(user !== undefined && { user }),
  };
}
