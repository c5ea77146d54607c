import { clearTrouble, raiseTrouble } from "../acts/messages/tell-trouble.ts";
import { policyChangeWords } from "../cards/policy-change.ts";
import type { Variables } from "../config/environment.ts";
import { configFingerprint, type NamedBefore } from "../config/fingerprint.ts";
import { type ConfigPlace, loadConfig } from "../config/load-config.ts";
import { type ConfigProblem, formatProblem } from "../config/problem.ts";
import type { Log } from "../domain/log.ts";
import { operatorPlaces } from "../domain/people/policy.ts";
import { waitingPolicyChange } from "../reads/policy-change.ts";
import { configurationTrouble } from "../records/trouble.ts";
import type { RunningBot } from "./bot.ts";

/** What became of files that were read anew: all of them are in use, or all is as it was. */
export type ReadAnew =
  | {
      readonly taken: true;
      /** What of them is not in use: people and rules that wait for two people, or that nobody is asked about. */
      readonly waiting?: string;
      /** What is noteworthy all the same, a line each. */
      readonly notes: readonly string[];
    }
  /** What is wrong, a line each, in the files with file:line:column. */
  | { readonly taken: false; readonly problems: readonly string[] };

export interface ConfigWatch {
  /** Reads the files now. `again` asks once more for people and rules that were denied. Never rejects. */
  read(options: { readonly again: boolean }): Promise<ReadAnew>;
  stop(): Promise<void>;
}

export interface WatchParts {
  readonly place: ConfigPlace;
  readonly variables: Variables;
  readonly bot: Pick<RunningBot, "store" | "replace" | "policyInForce">;
  readonly log: Log;
  /** The fingerprint of the files before the config in use was read: what was written since is read anew. */
  readonly since: string;
  /** How often the files are looked at, in ms. What has changed is read once it has stood still for one more look. */
  readonly everyMs?: number;
}

/** More problems than this are for `wardroom check`. */
const problemsTold = 3;

/**
 * Looks at the files while the bot runs and takes what they say whole or not at all: what cannot be used is told to the
 * operators, and what was in use stays in use. The files are asked, because not every file system tells of changes.
 */
export function watchConfig({ place, variables, bot, log, since, everyMs = 2_000 }: WatchParts): ConfigWatch {
  let last: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const named: NamedBefore = new Map();
  const read = (options: { readonly again: boolean }): Promise<ReadAnew> => {
    const reading = last
      .then(() => take(options))
      .catch((error: unknown): ReadAnew => {
        log.error("the configuration could not be read again", { error });
        return { taken: false, problems: ["It could not be put in use; the log of the bot says why."] };
      });
    last = reading;
    return reading;
  };
  const take = async (options: { readonly again: boolean }): Promise<ReadAnew> => {
    const loaded = await loadConfig(place, { variables, unset: "refuse" });
    if ("problems" in loaded) {
      const { problems } = loaded;
      warn(problems.filter(({ severity }) => severity === "warning"));
      await tellProblems({ bot, log }, problems.filter(({ severity }) => severity === "error").map(formatProblem));
      return { taken: false, problems: problems.map(formatProblem) };
    }
    warn(loaded.warnings);
    await bot.replace(loaded.config, options);
    await clearTrouble(bot.store, configurationTrouble);
    log.info("the configuration was read again and is in use");
    const waiting = await waitingPolicyChange(bot.store);
    return {
      taken: true,
      ...(waiting && { waiting: policyChangeWords(waiting) }),
      notes: loaded.warnings.map(formatProblem),
    };
  };
  const warn = (warnings: readonly ConfigProblem[]): void => {
    for (const warning of warnings) log.warn("the configuration could be better", { warning: formatProblem(warning) });
  };
  const look = async (before: { readonly seen: string; readonly taken: string }): Promise<void> => {
    const seen = await configFingerprint(place, named);
    const taken = seen === before.seen && seen !== before.taken ? seen : before.taken;
    if (taken !== before.taken) await read({ again: false });
    if (stopped) return;
    timer = setTimeout(() => {
      looking = look({ seen, taken });
    }, everyMs).unref();
  };
  // A start refuses files that cannot be used: what was told of those before it is over.
  last = clearTrouble(bot.store, configurationTrouble).then(
    () => undefined,
    (error: unknown) => log.error("it could not be told that the configuration can be used again", { error }),
  );
  let looking = look({ seen: since, taken: since });
  return {
    read,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
      await last;
    },
  };
}

async function tellProblems({ bot, log }: Pick<WatchParts, "bot" | "log">, problems: readonly string[]): Promise<void> {
  for (const problem of problems)
    log.error("the configuration cannot be used, so the one before it stays", { problem });
  const more = problems.length - problemsTold;
  const told = problems.slice(0, problemsTold).join(" ");
  const places = operatorPlaces((await bot.policyInForce()).channels);
  const named = { id: configurationTrouble, surface: "files", surfaceName: "its configuration" };
  const what = `The files cannot be used, so the configuration before them stays in use, and its people and rules stay in force. ${told}`;
  const remedy = `Correct them; wardroom check says what is wrong${more > 0 ? `, and ${more} more` : ""}.`;
  await raiseTrouble(bot.store, { ...named, what, remedy }, places);
}
