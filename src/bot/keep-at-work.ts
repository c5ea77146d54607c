import { holdInvocation } from "../acts/record-invocation.ts";
import type { Log } from "../domain/ports.ts";
import type { Store } from "../domain/store.ts";

/** A third of the time after which another process takes it up. */
const holdEveryMs = 5_000;

/** While a command runs here it is this process's; another takes it up soon after nobody says so any more. */
export function keepAtWork(
  ports: { readonly store: Store; readonly log: Log },
  invocation: string,
  everyMs = holdEveryMs,
): { end(): Promise<void> } {
  let last: Promise<void> = Promise.resolve();
  const hold = async (): Promise<void> => {
    try {
      await holdInvocation(ports.store, invocation);
    } catch (error) {
      ports.log.warn("a command under way could not be kept for this process", { error });
    }
  };
  const timer = setInterval(() => {
    last = last.then(hold);
  }, everyMs).unref();
  return {
    async end() {
      clearInterval(timer);
      await last;
    },
  };
}
