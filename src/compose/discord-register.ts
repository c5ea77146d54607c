import { commands } from "../commands/index.ts";
import { operationCommands } from "../commands/run.ts";
import type { Environment } from "../config/environment.ts";
import { UserError } from "../domain/failure.ts";
import { configFor } from "./config.ts";
import { environmentOrRefuse } from "./environment.ts";
import { printFindings } from "./print-findings.ts";

/** `wardroom discord register`: registers the slash commands and prints the link that invites the bot. */
export async function discord([what]: readonly string[]): Promise<number> {
  if (what !== "register")
    throw new UserError("discord takes register.", "For example: npx --no wardroom discord register");
  const environment = environmentOrRefuse();
  const { token, guildId, apiUrl } = accessOf(environment);
  const config = environment.configFolder === undefined ? undefined : await configFor(environment);
  const { registerWithDiscord } = await import("../bot/discord/doctor.ts");
  const { findings, invite } = await registerWithDiscord({
    token,
    guildId,
    apiUrl,
    channels: [],
    roles: [],
    commands: [...commands, ...operationCommands(config?.systems ?? [])],
  });
  if (invite !== undefined) process.stdout.write(`\nInvite the bot, with no more rights than it needs:\n${invite}\n\n`);
  return printFindings("Discord", findings) ? 0 : 1;
}

function accessOf({ discord: access }: Environment): NonNullable<Environment["discord"]> {
  if (access) return access;
  throw new UserError(
    "DISCORD_TOKEN and DISCORD_GUILD_ID are not set.",
    "Make an application at https://discord.com/developers/applications, copy the token of its Bot page and your server's id into .env.",
  );
}
