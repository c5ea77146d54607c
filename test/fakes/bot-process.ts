import { fileURLToPath } from "node:url";
import { readTotals } from "../../src/records/ledger.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { lookAtLedger } from "../../src/workers/watch-ledger.ts";
import type { FakeDiscord } from "./discord/discord.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import type { FakeSlack } from "./slack/slack.ts";

const bin = fileURLToPath(new URL("../../bin/wardroom.js", import.meta.url));

/** The program in a process of its own, with nothing of this one's environment but what is given; `found` is its address. */
export function startBotProcess(
  env: Readonly<Record<string, string>>,
  endsBy?: NodeJS.Signals,
): Promise<ServerProcess<string>> {
  return startServer(process.execPath, {
    args: [bin, "start"],
    env,
    output: "stdout",
    ready: (line) => /http:\/\/[\d.]+:\d+/.exec(line)?.[0],
    ...(endsBy && { endsBy }),
  });
}

/** The variables by which a bot finds fake platforms. */
export function platformVariables(platforms: {
  readonly slack?: FakeSlack;
  readonly discord?: FakeDiscord;
}): Record<string, string> {
  const { slack, discord } = platforms;
  return {
    ...(slack && {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
    }),
    ...(discord && {
      DISCORD_TOKEN: discord.token,
      DISCORD_GUILD_ID: discord.guildId,
      DISCORD_API_URL: discord.apiUrl,
    }),
  };
}

/** What the books of a bot that does not run any more say: what is wrong, what came in and what became of it. */
export async function alertBooks(path: string) {
  const store = openSqliteStore({ path });
  const faults: string[] = [];
  try {
    await lookAtLedger({ store, troubles: { raise: ({ what }) => void faults.push(what), clear() {} } });
    const { events = 0, outcomes = {}, fates = {} } = (await readTotals(store))?.totals ?? {};
    return { faults, events, outcomes, fates };
  } finally {
    await store.close();
  }
}
