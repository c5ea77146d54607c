import { openStates } from "../domain/approvals/request.ts";
import type { Log } from "../domain/log.ts";
import type { Meter } from "../domain/meter.ts";
import type { Store } from "../domain/store.ts";
import { noticeQueues } from "../records/notice.ts";
import { openRequests } from "../records/request.ts";

export interface MeasurePorts {
  readonly store: Store;
  readonly meter: Meter;
  readonly log: Log;
  /** The surfaces that this process delivers to. */
  readonly surfaces: readonly string[];
}

const everyMs = 10_000;

/** Measures what waits, in every process by itself: each shows it on its own `/metrics`. Answers what ends it. */
export function startMeasuring(ports: MeasurePorts): { stop(): void } {
  const timer = setInterval(() => {
    measure(ports).catch((error: unknown) => ports.log.warn("what waits could not be measured", { error }));
  }, everyMs).unref();
  return { stop: () => clearInterval(timer) };
}

async function measure({ store, meter, surfaces }: MeasurePorts): Promise<void> {
  const { found: open } = await openRequests(store);
  for (const state of openStates)
    meter.gauge("wardroom_requests", open.filter(({ request }) => request.state === state).length, { state });
  const now = await store.now();
  for (const surface of surfaces) {
    const owed = await Promise.all(noticeQueues(surface).map((queue) => store.owed(queue)));
    const count = owed.reduce((sum, each) => sum + each.count, 0);
    const oldest = Math.min(...owed.map(({ oldestDue = now }) => oldestDue));
    meter.gauge("wardroom_notices_owed", count, { surface });
    meter.gauge("wardroom_notices_oldest_seconds", Math.max(0, (now - oldest) / 1_000), { surface });
  }
}
