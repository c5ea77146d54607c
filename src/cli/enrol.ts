import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { enrolTerminal, revokeTerminal, type TerminalUser } from "../acts/people/enrol-terminal.ts";
import { terminalTraits } from "../bot/terminal/traits.ts";
import { openStore } from "../compose/open-store.ts";
import { UserError } from "../domain/failure.ts";
import type { Person } from "../domain/people/person.ts";
import type { Store } from "../domain/store.ts";
import { parsePolicy, policyKey } from "../records/policy.ts";
import { environmentOrRefuse } from "./environment.ts";

/**
 * `wardroom enrol <person>`: a token file for one person in force, readable by this user only; the token before it ends.
 * `wardroom enrol --revoke <person>` only ends it. Whoever can write the state can do this, also while the bot runs.
 */
export async function enrol(args: readonly string[]): Promise<number> {
  const { personId, isRevoked } = readArguments(args);
  const { stateFolder, ...environment } = environmentOrRefuse();
  const store = await openStore({ ...environment, stateFolder });
  try {
    const file = join(stateFolder, "tokens", `${personId}.token`);
    if (isRevoked) return await revoke(store, personId, file);
    const person = await personInForce(store, personId);
    const user = userOf(person);
    if (user.accounts.length === 0)
      throw new UserError(
        `${person.name} has no terminal account.`,
        "Add accounts.terminal to the person in people.yaml and start the bot again.",
      );
    mkdirSync(join(stateFolder, "tokens"), { recursive: true, mode: 0o700 });
    const { token, isEnded } = await enrolTerminal(store, user);
    writeFileSync(file, `${token}\n`, { mode: 0o600 });
    chmodSync(file, 0o600);
    process.stdout.write(
      `${person.name} can now ask with: npx --no wardroom ask "status" --token-file ${file}\nHand the file over and keep no copy; only its hash is stored.${isEnded ? ` The token that ${person.name} had before has ended.` : ""}\n`,
    );
    return 0;
  } finally {
    await store.close();
  }
}

function readArguments(args: readonly string[]): { readonly personId: string; readonly isRevoked: boolean } {
  const example = "For example: wardroom enrol boris, or: wardroom enrol --revoke boris";
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { revoke: { type: "boolean", default: false } },
      allowPositionals: true,
    });
    const [personId] = positionals;
    // A person's id is also the name of a file below.
    if (personId !== undefined && positionals.length === 1 && /^[\w-]+$/.test(personId))
      return { personId, isRevoked: values.revoke };
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : "The arguments could not be read.", example);
  }
  throw new UserError("enrol takes one person's id.", example);
}

/** Also for somebody who is in force no more. */
async function revoke(store: Store, personId: string, file: string): Promise<number> {
  const [inForce] = await store.read([policyKey]);
  const person = inForce && parsePolicy(inForce).people.find(({ id }) => id === personId);
  const isDone = await revokeTerminal(store, person ? userOf(person) : { person: personId, accounts: [] });
  if (!isDone) throw new UserError(`${personId} has no terminal token.`, "Nothing was changed.");
  rmSync(file, { force: true });
  process.stdout.write(`The terminal token of ${person?.name ?? personId} has ended.\n`);
  return 0;
}

async function personInForce(store: Store, personId: string): Promise<Person> {
  const [inForce] = await store.read([policyKey]);
  if (!inForce)
    throw new UserError(
      "Nobody is in force in this store yet.",
      "Start the bot once, so that the people of people.yaml come into force; then enrol them.",
    );
  const person = parsePolicy(inForce).people.find((each) => each.id === personId);
  if (person) return person;
  throw new UserError(
    `There is no person ${personId} in force.`,
    "People are in people.yaml and come into force when the bot starts.",
  );
}

function userOf({ id, accounts }: Person): TerminalUser {
  return { person: id, accounts: accounts[terminalTraits.id] ?? [] };
}
