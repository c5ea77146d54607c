import { expect, onTestFinished, vi } from "vitest";
import { knownSurfaces } from "../../src/compose/known-surfaces.ts";
import type { Courier, MessageRef, Outgoing } from "../../src/domain/messages/message.ts";
import type { Place } from "../../src/domain/messages/place.ts";
import type { Policy } from "../../src/domain/people/policy.ts";
import type { Store } from "../../src/domain/store.ts";
import { createLog } from "../../src/ops/log.ts";
import { createMeasurements } from "../../src/ops/metrics.ts";
import { noticeQueues } from "../../src/records/notice.ts";
import { startNoticeWorkers } from "../../src/workers/deliver.ts";

interface Handed {
  readonly how: "posted" | "edited";
  readonly channel: string;
  readonly id: string;
  readonly message: Outgoing;
}

/** Delivers what a store owes to one surface, and remembers what was handed to its platform. */
export interface PostOffice {
  readonly handed: readonly Handed[];
  /** What the platform does before it takes a message. */
  before: (place: Pick<Place, "channel">, message: Outgoing) => Promise<void>;
  /** Waits until nothing is owed any more. */
  settled(): Promise<void>;
}

export function openPostOffice(store: Store, surface: string, policy: Policy): PostOffice {
  const handed: Handed[] = [];
  const office: PostOffice = { handed, before: async () => {}, settled };
  const take = async (entry: Handed): Promise<MessageRef> => {
    await office.before(entry, entry.message);
    handed.push(entry);
    return { surface, channel: entry.channel, id: entry.id };
  };
  const courier: Courier = {
    surface,
    post: ({ channel }, message) => take({ how: "posted", channel, id: `m${handed.length + 1}`, message }),
    edit: ({ channel, id }, message) => take({ how: "edited", channel, id, message }),
  };
  const workers = startNoticeWorkers({
    store,
    log: createLog({ level: "silent" }),
    meter: createMeasurements().meter,
    surface,
    surfaces: knownSurfaces,
    outlets: new Map([[surface, { courier }]]),
    policyInForce: async () => policy,
  });
  onTestFinished(async () => {
    await Promise.all([...workers.values()].map((each) => each.stop()));
  });
  async function settled(): Promise<void> {
    for (const worker of workers.values()) worker.wake();
    await vi.waitFor(
      async () => {
        const owed = await Promise.all(noticeQueues(surface).map((queue) => store.owed(queue)));
        expect(owed.map(({ count }) => count)).toEqual(owed.map(() => 0));
      },
      { timeout: 60_000, interval: 10 },
    );
  }
  return office;
}
