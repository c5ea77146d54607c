import { configFor } from "../compose/config.ts";
import { commandsFor } from "../compose/configuration.ts";
import type { DiscordAccess, Environment } from "../config/environment.ts";
import type { Config } from "../config/load-config.ts";
import { UserError } from "../domain/failure.ts";
import { environmentOrRefuse } from "./environment.ts";
import { printFindings } from "./print-findings.ts";

/** `wardroom discord register`: registers the slash commands and prints the link that invites the bot. */
export async function discord([what, ...more]: readonly string[]): Promise<number> {
  if (what !== "register")
    throw new UserError("discord takes register.", "For example: npx --no wardroom discord register");
  if (more[0] !== undefined)
    throw new UserError(`discord register takes no ${more[0]}.`, "What it reads is in .env.example.");
  const environment = environmentOrRefuse();
  const config = environment.configFolder === undefined ? undefined : await configFor(environment);
  return (await registerOnDiscord(accessOf(environment), config)) ? 0 : 1;
}

/** Registers the commands and prints the link that invites the bot. Answers whether all is well. */
export async function registerOnDiscord(access: DiscordAccess, config: Config | undefined): Promise<boolean> {
  const { registerWithDiscord } = await import("../bot/discord/doctor.ts");
  const { findings, invite } = await registerWithDiscord({
    ...access,
    channels: [],
    roles: [],
    commands: commandsFor({ systems: config?.systems ?? [] }),
  });
  if (invite !== undefined) process.stdout.write(`\nInvite the bot, with no more rights than it needs:\n${invite}\n\n`);
  return printFindings("Discord", findings);
}

function accessOf({ discord: access }: Environment): DiscordAccess {
  if (access) return access;
  throw new UserError(
    "DISCORD_TOKEN and DISCORD_GUILD_ID are not set.",
    "Make an application at https://discord.com/developers/applications, copy the token of its Bot page and your server's id into .env.",
  );
}
