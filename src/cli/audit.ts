import { parseArgs } from "node:util";
import { openStore } from "../compose/open-store.ts";
import { UserError } from "../domain/failure.ts";
import { type NotedHead, verifyJournal } from "../store/verify.ts";
import { environmentOrRefuse } from "./environment.ts";

/**
 * `wardroom audit verify [--head <hash>]`: exit code 0 when every link of the journal holds, 1 with the first that does not,
 * when there is none, or when the head that was noted elsewhere is not in it.
 */
export async function auditJournal(args: readonly string[]): Promise<number> {
  const noted = readArguments(args);
  const store = await openStore(environmentOrRefuse());
  try {
    const verdict = await verifyJournal(store, noted);
    if (verdict.ok && verdict.links === 0) {
      // Every start writes a first link: here nothing ever ran, or everything was taken away.
      process.stderr.write(
        "There is no journal here: nothing was checked. Check WARDROOM_STATE or REDIS_URL; if a bot ran on this state, its journal was taken away.\n",
      );
      return 1;
    }
    if (verdict.ok) {
      const { links, archived, head } = verdict;
      process.stdout.write(
        `The journal holds: ${links} links, ${archived} with their text archived.${noted ? " The head you gave is in it." : ""}
Its head is ${head.seq}:${head.hash}. Note it elsewhere: with --head it later shows that nothing was cut off or written anew.
`,
      );
      return 0;
    }
    const found = verdict.links >= verdict.seq ? "The journal is not the one that was noted" : "The journal is broken";
    process.stderr.write(
      `${found} at link ${verdict.seq}: ${verdict.why}. ${verdict.links} links hold in themselves.\n`,
    );
    return 1;
  } finally {
    await store.close();
  }
}

/** A head as it was noted: the whole hash, or as a run's receipt shows it, its place and the beginning of the hash. */
function readArguments(args: readonly string[]): NotedHead | undefined {
  const help = "For who did what, ask the bot: audit since:1d";
  const { values, positionals } = parse(args, help);
  if (positionals.length !== 1 || positionals[0] !== "verify")
    throw new UserError("audit takes one word: verify.", help);
  if (values.head === undefined) return undefined;
  const [, seq, hash = ""] = /^(?:(\d{1,15}):)?([0-9a-f]{12,64})$/i.exec(values.head) ?? [];
  if (hash === "")
    throw new UserError(
      "--head is not the head of a journal.",
      "Give it as it was shown: 412:9f86d081884c7d65, or the whole hash.",
    );
  return { ...(seq !== undefined && { seq: Number(seq) }), hash: hash.toLowerCase() };
}

function parse(args: readonly string[], help: string) {
  try {
    return parseArgs({ args: [...args], options: { head: { type: "string" } }, allowPositionals: true });
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : "The arguments could not be read.", help);
  }
}
