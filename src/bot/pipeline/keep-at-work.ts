import { holdInvocation } from "../../acts/messages/accept-invocation.ts";
import type { Log } from "../../domain/log.ts";
import type { Store } from "../../domain/store.ts";
import { repeatUntilEnded } from "../chat/repeat-until-ended.ts";

/** A third of the time after which another process takes it up. */
const holdEveryMs = 5_000;

/** While a command runs here it is this process's; another takes it up soon after nobody says so any more. */
export function keepAtWork(
  ports: { readonly store: Store; readonly log: Log },
  invocation: string,
  everyMs = holdEveryMs,
): { end(): Promise<void> } {
  return repeatUntilEnded(() => holdInvocation(ports.store, invocation), {
    firstMs: everyMs,
    everyMs,
    failed: (error) => ports.log.warn("a command under way could not be kept for this process", { error }),
  });
}
