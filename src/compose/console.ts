import { join } from "node:path";
import { type Console, registerConsole } from "../bot/console/register-console.ts";
import { consoleTraits } from "../bot/console/traits.ts";
import type { ConsoleAccount, ConsoleChannel, ConsoleSetup } from "../bot/console/wire.ts";
import type { Environment } from "../config/environment.ts";
import type { Config } from "../config/load-config.ts";
import { fillExamples } from "../domain/commands/examples.ts";
import { UserError } from "../domain/failure.ts";
import type { Log } from "../domain/log.ts";
import type { Server } from "../ops/server.ts";
import type { RunningBot } from "./bot.ts";
import type { Snapshot } from "./configuration.ts";

/** What is offered to whoever opens the page for the first time. */
const consoleExamples = [
  "status",
  "metrics {system} {metric}",
  "logs {logs} since:1h level:error",
  "{short} {system}",
  "help",
];

/** The console can approve things for whoever opens it, so it is for the demo, on this machine, and nothing else. */
export async function openConsole(
  server: Server,
  parts: { bot: RunningBot; environment: Environment; log: Log },
): Promise<Console> {
  const { bot, environment, log } = parts;
  if (!["127.0.0.1", "::1", "localhost"].includes(environment.host)) {
    throw new UserError(
      `The demo's console answers on this machine only, and HOST is ${environment.host}.`,
      "Unset HOST, or set WARDROOM_CONFIG to run for real, without the console.",
    );
  }
  // Wrong from the start is told at the start.
  consoleSetup(bot.current());
  return registerConsole(server.app, {
    bot: bot.pipeline,
    current: () => consoleSetup(bot.current()),
    storagePath: join(environment.stateFolder, "console.db"),
    log,
  });
}

function consoleSetup({ config, systems }: Snapshot): ConsoleSetup {
  const [first, ...others] = consoleAccounts(config);
  const channels = consoleChannels(config);
  if (!first || channels.length === 0)
    throw new UserError(
      "The demo has no console account or channel.",
      "Look at demo/config/people.yaml and wardroom.yaml.",
    );
  return { accounts: [first, ...others], channels, examples: fillExamples(consoleExamples, systems.all()) };
}

function consoleAccounts(config: Config): ConsoleAccount[] {
  const titles = new Map(config.policy.roles.map((role) => [role.id, role.title ?? role.id]));
  return config.policy.people.flatMap((person) => {
    const roleWords = [...new Set(person.grants.map((grant) => titles.get(grant.role) ?? grant.role))].join(", ");
    return (person.accounts[consoleTraits.id] ?? []).map((id, position) => ({
      id,
      label: position === 0 ? person.name : `${person.name}, second account`,
      personName: person.name,
      roleWords,
    }));
  });
}

function consoleChannels(config: Config): ConsoleChannel[] {
  return config.policy.channels
    .filter((channel) => channel.surface === consoleTraits.id)
    .map((channel) => ({ id: channel.id, title: channel.title ?? channel.id, channel: channel.channel }));
}
