import type { Diagnosis } from "../bot/chat/diagnosis.ts";
import type { PlatformAccess } from "../config/environment.ts";
import type { Config } from "../config/load-config.ts";
import { platforms } from "./known-surfaces.ts";
import { namedOn } from "./named-on.ts";
import type { NamedThere } from "./platform.ts";

/** Looks at the chat platforms that are set: tokens, scopes, channels, roles. Changes nothing; never rejects. */
export async function examinePlatforms(
  access: PlatformAccess,
  config: Config,
): Promise<readonly { readonly about: string; readonly findings: readonly Diagnosis[] }[]> {
  const results: { about: string; findings: readonly Diagnosis[] }[] = [];
  for (const platform of platforms) {
    const { traits } = platform;
    const named = namedOn(traits.id, config);
    const findings = await platform.examine(access, config, named);
    if (findings) results.push({ about: traits.name, findings: [...findings, ...noChannel(traits.name, named)] });
  }
  return results;
}

function noChannel(platform: string, { channels }: NamedThere): Diagnosis[] {
  if (channels.length > 0) return [];
  return [
    {
      what: `No channel of the config is on ${platform}: nobody can ask anything in one there`,
      remedy: `Add one to wardroom.yaml under channels, or take ${platform}'s token away.`,
    },
  ];
}
