import { BackendError, UserError } from "../../domain/failure.ts";
import { UnreadableRecord } from "../../domain/unreadable.ts";

/** Why something could not be read, fit for a card; what is a fault of the bot's own is not told in its own words. */
export function whyNot(error: unknown): string {
  if (error instanceof BackendError || error instanceof UserError || error instanceof UnreadableRecord)
    return error.message;
  return "it failed in Wardroom itself; its log says how";
}
