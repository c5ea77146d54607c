import { openStore } from "../compose/open-store.ts";
import { UserError } from "../domain/failure.ts";
import { verifyJournal } from "../store/verify.ts";
import { environmentOrRefuse } from "./environment.ts";

/** `wardroom audit verify`: exit code 0 when every link of the journal holds, 1 with the first that does not. */
export async function auditJournal(args: readonly string[]): Promise<number> {
  if (args[0] !== "verify")
    throw new UserError("audit takes one word: verify.", "For who did what, ask the bot: audit since:1d");
  const store = await openStore(environmentOrRefuse());
  try {
    const verdict = await verifyJournal(store);
    if (verdict.ok) {
      process.stdout.write(
        `The journal holds: ${verdict.links} links, ${verdict.archived} with their text archived.\n`,
      );
      return 0;
    }
    process.stderr.write(
      `The journal is broken at link ${verdict.seq}: ${verdict.why}. ${verdict.links} links before it hold.\n`,
    );
    return 1;
  } finally {
    await store.close();
  }
}
