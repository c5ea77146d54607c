import { BackendError } from "../../domain/failure.ts";

/** What a step says of an error that it met: only a BackendError promises to hold no secret. */
export function stepFailureWords(error: unknown): string {
  return error instanceof BackendError ? error.message : "the step failed inside the bot";
}
