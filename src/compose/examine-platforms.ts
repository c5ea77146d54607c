import type { Finding } from "../bot/finding.ts";
import { commands } from "../commands/index.ts";
import { operationCommands } from "../commands/run.ts";
import type { Environment } from "../config/environment.ts";
import type { Config } from "../config/load-config.ts";
import type { Surface } from "../domain/person.ts";

/** Looks at the chat platforms that are set: tokens, scopes, channels, roles. Changes nothing; never rejects. */
export async function examinePlatforms(
  { slack, discord }: Pick<Environment, "slack" | "discord">,
  config: Config,
): Promise<readonly { readonly about: string; readonly findings: readonly Finding[] }[]> {
  const results: { about: string; findings: readonly Finding[] }[] = [];
  if (slack) {
    const { examineSlack } = await import("../bot/slack/doctor.ts");
    const { channels, groups } = idsOf(config, "slack");
    results.push({ about: "Slack", findings: await examineSlack({ ...slack, ...config.slack, channels, groups }) });
  }
  if (discord) {
    const { examineDiscord } = await import("../bot/discord/doctor.ts");
    const { channels, groups } = idsOf(config, "discord");
    const all = [...commands, ...operationCommands(config.systems)];
    const findings = await examineDiscord({ ...discord, channels, roles: groups, commands: all });
    results.push({ about: "Discord", findings });
  }
  return results;
}

function idsOf({ policy }: Config, surface: Surface): { channels: string[]; groups: string[] } {
  return {
    channels: policy.channels.filter((each) => each.surface === surface).map((each) => each.channel),
    groups: policy.groups.filter((each) => each.surface === surface).map((each) => each.group),
  };
}
