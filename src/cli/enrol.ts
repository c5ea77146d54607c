import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { enrolTerminal } from "../acts/people/enrol-terminal.ts";
import { terminalTraits } from "../bot/terminal/traits.ts";
import { openStore } from "../compose/open-store.ts";
import { UserError } from "../domain/failure.ts";
import { parsePolicy, policyKey } from "../records/policy.ts";
import { environmentOrRefuse } from "./environment.ts";

/** `wardroom enrol <person>`: a token file for one person in force, readable by this user only. Whoever can write the state can do this. */
export async function enrol([personId]: readonly string[]): Promise<number> {
  if (personId === undefined) throw new UserError("enrol takes a person's id.", "For example: wardroom enrol boris");
  const environment = environmentOrRefuse();
  const store = await openStore(environment);
  try {
    const [inForce] = await store.read([policyKey]);
    if (!inForce)
      throw new UserError(
        "Nobody is in force in this store yet.",
        "Start the bot once, so that the people of people.yaml come into force; then enrol them.",
      );
    const person = parsePolicy(inForce).people.find((each) => each.id === personId);
    const account = person?.accounts[terminalTraits.id]?.[0];
    if (!person)
      throw new UserError(
        `There is no person ${personId} in force.`,
        "People are in people.yaml and come into force when the bot starts.",
      );
    if (account === undefined)
      throw new UserError(
        `${person.name} has no terminal account.`,
        "Add accounts.terminal to the person in people.yaml and start the bot again.",
      );
    const file = tokenFile(environment.stateFolder, personId);
    mkdirSync(join(environment.stateFolder, "tokens"), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${await enrolTerminal(store, account)}\n`, { mode: 0o600 });
    chmodSync(file, 0o600);
    process.stdout.write(
      `${person.name} can now ask with: npx --no wardroom ask "status" --token-file ${file}\nHand the file over and keep no copy; only its hash is stored.\n`,
    );
    return 0;
  } finally {
    await store.close();
  }
}

function tokenFile(stateFolder: string, person: string): string {
  return join(stateFolder, "tokens", `${person}.token`);
}
