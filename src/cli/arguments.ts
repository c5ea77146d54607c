import { type ParseArgsConfig, parseArgs } from "node:util";
import { UserError } from "../domain/failure.ts";

/** What a subcommand was given, by its flags. Throws UserError for a flag that it does not have, or that lacks its value. */
export function readFlags<Options extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: Options,
  remedy: string,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new UserError(error.message.replace(/ To specify a positional argument.*$/s, ""), remedy);
  }
}
