import type { Finding } from "../bot/chat/finding.ts";
import type { Environment } from "../config/environment.ts";
import type { Config } from "../config/load-config.ts";
import { commandsFor } from "./configuration.ts";

/** Looks at the chat platforms that are set: tokens, scopes, channels, roles. Changes nothing; never rejects. */
export async function examinePlatforms(
  { slack, discord }: Pick<Environment, "slack" | "discord">,
  config: Config,
): Promise<readonly { readonly about: string; readonly findings: readonly Finding[] }[]> {
  const results: { about: string; findings: readonly Finding[] }[] = [];
  if (slack) {
    const { examineSlack } = await import("../bot/slack/doctor.ts");
    const { channels, groups } = idsOf(config, "slack");
    const findings = await examineSlack({ ...slack, ...config.slack, channels, groups });
    results.push({ about: "Slack", findings: [...findings, ...noChannel("Slack", channels)] });
  }
  if (discord) {
    const { examineDiscord } = await import("../bot/discord/doctor.ts");
    const { channels, groups } = idsOf(config, "discord");
    const findings = await examineDiscord({ ...discord, channels, roles: groups, commands: commandsFor(config) });
    results.push({ about: "Discord", findings: [...findings, ...noChannel("Discord", channels)] });
  }
  return results;
}

function noChannel(platform: string, channels: readonly string[]): Finding[] {
  if (channels.length > 0) return [];
  return [
    {
      what: `No channel of the config is on ${platform}: nobody can ask anything in one there`,
      remedy: `Add one to wardroom.yaml under channels, or take ${platform}'s token away.`,
    },
  ];
}

function idsOf({ policy }: Config, surface: string): { channels: string[]; groups: string[] } {
  return {
    channels: policy.channels.filter((each) => each.surface === surface).map((each) => each.channel),
    groups: policy.groups.filter((each) => each.surface === surface).map((each) => each.group),
  };
}
