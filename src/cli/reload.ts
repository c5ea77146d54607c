import { NoBotError, reloadRunningBot } from "../bot/terminal/client.ts";
import type { ReloadAnswer } from "../bot/terminal/protocol.ts";
import { readStateOwner } from "../compose/state-owner.ts";
import { UserError } from "../domain/failure.ts";
import { inert } from "../domain/text/inert.ts";
import { environmentOrRefuse } from "./environment.ts";

/** Exit codes, for scripts. */
const [isTaken, isRefused, isUnanswered, isTakenInPart] = [0, 1, 2, 3];

/**
 * `wardroom reload`: the bot that runs on the state folder reads its files anew and takes them whole, or stays as it is and says
 * what is wrong. It takes to be able to read the folder, as the user who runs the bot. Exit code 0 when they are in use, 1 when
 * they cannot be used, 2 when no bot answered, 3 when all is in use but the people and rules.
 */
export async function reload(args: readonly string[]): Promise<number> {
  if (args.length > 0) throw new UserError("reload takes nothing.", "The bot is the one that runs on WARDROOM_STATE.");
  const { stateFolder } = environmentOrRefuse();
  const door = readStateOwner(stateFolder)?.door;
  if (!door) return sayUnanswered(noBot(stateFolder));
  try {
    return say(await reloadRunningBot(door));
  } catch (error) {
    if (error instanceof NoBotError) return sayUnanswered(noBot(stateFolder));
    return sayUnanswered(error instanceof Error ? error.message : "The running bot could not be asked.");
  }
}

function say(answer: ReloadAnswer): number {
  if (answer.taken) {
    const { waiting, notes } = answer;
    if (waiting === undefined) {
      print(["The files are in use.", ...notes]);
      return isTaken;
    }
    print([`All but the people and rules of the files is in use. ${waiting}`, ...notes]);
    return isTakenInPart;
  }
  print([...answer.problems, "Nothing of the files was taken: what was in use before stays in use."]);
  return isRefused;
}

function print(lines: readonly string[]): void {
  process.stdout.write(inert(`${lines.join("\n")}\n`, { newlines: true }));
}

function sayUnanswered(why: string): number {
  process.stderr.write(inert(`${why}\n`, { newlines: true }));
  return isUnanswered;
}

function noBot(stateFolder: string): string {
  return `No bot answers on the state folder ${stateFolder}, or its door is not yours to open.\nStart it, or set WARDROOM_STATE to the folder that it runs on, as the user who runs it.`;
}
