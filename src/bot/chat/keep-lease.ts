import type { Lease } from "../../domain/lease.ts";
import type { Log } from "../../domain/log.ts";

/** So long before it runs out a lease that could not be renewed is let go: whoever takes it must find the thing free. */
const lettingGoMs = 1_000;

/**
 * Renews a lease until told to stop, one renewal at a time. `lose` is called when another has it, or when it is about to
 * run out: a store that does not answer says nothing of a lease, so it is ours until then.
 */
export function keepLease(
  lease: Lease,
  keeping: { readonly leaseMs: number; readonly everyMs: number; readonly lose: () => void; readonly log: Log },
): () => void {
  const { everyMs, lose, log } = keeping;
  const lastsMs = keeping.leaseMs - lettingGoMs;
  let end = setTimeout(lose, lastsMs);
  let asking = false;
  const renew = async (): Promise<void> => {
    const asked = performance.now();
    try {
      if (!(await lease.renew())) return lose();
      clearTimeout(end);
      end = setTimeout(lose, lastsMs - (performance.now() - asked));
    } catch (error) {
      log.warn("a lease could not be renewed", { lease: lease.name, error });
    } finally {
      asking = false;
    }
  };
  const renewing = setInterval(() => {
    if (asking) return;
    asking = true;
    void renew();
  }, everyMs);
  return () => {
    clearInterval(renewing);
    clearTimeout(end);
  };
}
