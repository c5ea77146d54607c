import type { CatalogueEntry } from "../domain/commands/catalogue.ts";
import { type CommandContext, viewerOf } from "../domain/commands/command.ts";
import { mayAsk } from "../domain/commands/may-ask.ts";
import { UserError } from "../domain/failure.ts";
import { nearest } from "../domain/text/distance.ts";
import { readableSystems } from "./fields.ts";

/** More ways than this to ask for one thing are not read. */
const mostWays = 6;

/**
 * What somebody is told who named no command: how an operation or a query of that name is asked for, on the systems that have
 * it and that they may see, else the command that is nearest. `verb` stands before what was asked about: `help`, `why`.
 */
export function noSuchCommand(
  asked: string,
  { entries, verb }: { readonly entries: readonly CatalogueEntry[]; readonly verb: "help" | "why" },
  context: CommandContext,
): UserError {
  const words = asked.trim().toLowerCase().split(/\s+/);
  const ways = waysToAsk(words, entries, context);
  if (ways.length > 0) {
    const shown = ways.slice(0, mostWays).map(({ usage }) => usage);
    const more = ways.length > mostWays ? `; and ${ways.length - mostWays} more` : "";
    const further =
      ways[0] === undefined ? "" : ` For more: ${verb} ${verb === "help" ? ways[0].command : ways[0].short}.`;
    return new UserError(
      `${words[0] ?? asked} is not a command of its own.`,
      `It is asked for as: ${shown.join("; ")}${more}.${further}`,
    );
  }
  const names = entries.map(({ name }) => name);
  const close = nearest(asked, names) ?? nearest(words[0] ?? asked, names);
  return new UserError(
    verb === "help" ? `There is no command ${asked} that you may use here.` : `There is no command ${asked}.`,
    close === undefined ? "help lists what you may do here." : `Did you mean ${close}?`,
  );
}

interface Way {
  readonly usage: string;
  readonly command: string;
  /** Without what it takes: `run trader reset-stop`. */
  readonly short: string;
}

function waysToAsk(
  [name = "", ...others]: readonly string[],
  entries: readonly CatalogueEntry[],
  context: CommandContext,
): Way[] {
  const viewer = viewerOf(context);
  const known = readableSystems(context).map(({ id }) => id);
  const all = entries.flatMap((entry) =>
    (entry.asks?.get(name) ?? []).flatMap(({ usage, args }) => {
      const system = entry.systemField === undefined ? undefined : args[entry.systemField];
      if (system !== undefined && !(known.includes(system) && mayAsk(entry, viewer, system).allowed)) return [];
      return [{ usage, system, command: entry.name, short: `${entry.name} ${system ?? ""} ${name}` }];
    }),
  );
  const ofNamed = all.filter(({ system }) => system !== undefined && others.includes(system));
  return ofNamed.length > 0 ? ofNamed : all;
}
