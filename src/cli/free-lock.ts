import { rebuildLock } from "../acts/approvals/rebuild-lock.ts";
import { openStore } from "../compose/open-store.ts";
import type { Environment } from "../config/environment.ts";
import { UserError } from "../domain/failure.ts";
import { unreadableWords } from "../domain/unreadable.ts";
import { osUser } from "./os-user.ts";

/**
 * `wardroom doctor --free-lock <system>`: writes a lock that cannot be read anew from the requests that are under way. It needs
 * to write the store, and is on record with the user of the operating system. A bot may go on running meanwhile.
 */
export async function freeLock(environment: Environment, system: string): Promise<number> {
  const store = await openStore(environment);
  try {
    const rebuilt = await rebuildLock(store, system, { person: null, account: `os:${osUser()}` });
    if (!rebuilt)
      throw new UserError(
        `The lock of ${system} can be read, or nothing was ever held there, so nothing was changed.`,
        "A request that holds it is ended by its run, or by confirm settle.",
      );
    const { holders, unreadable } = rebuilt;
    const held = holders.map(({ code, operation }) => `request ${code} (${operation})`).join(" and ");
    say(`The lock of ${system} was written anew: ${held === "" ? "nothing is under way there" : `${held} holds on`}.`);
    if (unreadable.length > 0)
      say(`${unreadableWords(unreadable)}. Look yourself that none of them is under way on ${system}.`);
    return 0;
  } finally {
    await store.close();
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
