import { randomBytes, timingSafeEqual } from "node:crypto";
import { registerTerminalDoor } from "../bot/terminal/door.ts";
import type { Environment } from "../config/environment.ts";
import type { Server } from "../ops/server.ts";
import { terminalAccountOf } from "../records/terminal-token.ts";
import type { RunningBot } from "./bot.ts";

/** Opens the terminal's door. Answers the demo's token, which this user's terminal finds in the state folder. */
export function openDoor(
  server: Server,
  { bot, environment }: { bot: RunningBot; environment: Pick<Environment, "production"> },
): string {
  const demoToken = `wrd_${randomBytes(24).toString("base64url")}`;
  registerTerminalDoor(server.app, {
    bot: bot.pipeline,
    async authenticate(token, as) {
      if (as === undefined) return terminalAccountOf(bot.store, token);
      return !environment.production && sameText(token, demoToken) ? as : undefined;
    },
  });
  return demoToken;
}

/** Compares in constant time, so that how long it takes says nothing of the token. */
function sameText(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
