import { randomBytes } from "node:crypto";
import { noteWrongTokens } from "../acts/people/note-wrong-tokens.ts";
import { sameToken } from "../bot/console/guard.ts";
import type { DoorAddress } from "../bot/terminal/client.ts";
import { type DoorPorts, openTerminalSocket, registerTerminalDoor } from "../bot/terminal/door.ts";
import { terminalTraits } from "../bot/terminal/traits.ts";
import { printedLines } from "../cards/follow.ts";
import type { Environment } from "../config/environment.ts";
import type { Log } from "../domain/log.ts";
import { rememberSecret } from "../domain/text/known-secrets.ts";
import type { Server } from "../ops/server.ts";
import { terminalAccountOf } from "../reads/terminal-account.ts";
import { readFollow } from "../records/follow.ts";
import type { RunningBot } from "./bot.ts";
import type { ReadAnew } from "./watch-config.ts";

/** The terminal's door, and how it is found and opened by whoever may read the state folder. */
export interface OpenDoor {
  readonly address: DoorAddress;
  close(): Promise<void>;
}

/** Opens the terminal's door on its socket; on the server's port where that is asked for, before the server serves. */
export async function openDoor(parts: {
  readonly bot: RunningBot;
  readonly server: Server;
  readonly environment: Pick<Environment, "production" | "terminal">;
  readonly socket: string;
  readonly log: Log;
  /** Reads the config files anew. */
  readonly reload: () => Promise<ReadAnew>;
}): Promise<OpenDoor> {
  const { bot, server, environment, socket, log, reload } = parts;
  const token = `wrd_${randomBytes(24).toString("base64url")}`;
  rememberSecret(token);
  const ports: DoorPorts = {
    bot: bot.pipeline,
    async authenticate(given, as) {
      if (as === undefined) {
        const account = await terminalAccountOf(bot.store, given, terminalTraits.id);
        // Only what opens the door is a secret: guesses would fill the memory.
        if (account !== undefined) rememberSecret(given);
        return account;
      }
      return !environment.production && sameToken(given, token) ? as : undefined;
    },
    async followed(account, { follows, after }) {
      const follow = (await readFollow(bot.store, follows))?.follow;
      const isTheirs = follow?.by.account.surface === terminalTraits.id && follow.by.account.id === account;
      return isTheirs ? printedLines(follow, after, await bot.store.now()) : undefined;
    },
    // It stands in a file that nobody else can read, so whoever has it owns the state folder.
    isOwner: (given) => sameToken(given, token),
    reload() {
      log.info("told to read the configuration again", { by: "the terminal" });
      return reload();
    },
    onWrongTokens(count) {
      log.warn("a terminal gave tokens that nobody has", { count });
      void noteWrongTokens(bot.store, count).catch((error: unknown) =>
        log.error("wrong tokens could not be put on record", { err: error }),
      );
    },
  };
  if (environment.terminal === "tcp") {
    const door = registerTerminalDoor(server.app, ports);
    return { address: { at: { port: server.port }, token }, close: () => door.close() };
  }
  const door = await openTerminalSocket(socket, ports);
  return { address: { at: { socket }, token }, close: () => door.close() };
}
