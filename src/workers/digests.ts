import { keepDigest, missDigest } from "../acts/digests/keep-digest.ts";
import { openDigestSlots } from "../acts/digests/open-slots.ts";
import type { Digest } from "../domain/digests/digest.ts";
import type { Log } from "../domain/log.ts";
import type { Charts } from "../domain/messages/chart.ts";
import { type Policy, readableChannels } from "../domain/people/policy.ts";
import type { Claimed, Store } from "../domain/store.ts";
import type { System } from "../domain/systems/system.ts";
import type { DigestPorts } from "../reads/digests/asked-section.ts";
import { pictureFiles } from "../reads/digests/draw-digest.ts";
import { makeDigest } from "../reads/digests/make-digest.ts";
import { digestQueue, readDigest, readOwedDigest } from "../records/digest.ts";
import { type Handled, type QueueWorker, startQueueWorker } from "./queue-worker.ts";
import type { ScheduleSlot } from "./schedule.ts";

/** How soon after its time a digest is begun, ms. */
const lookEveryMs = 10_000;
/** Sections ask their systems live, each call with its own deadline; whoever died is followed after this, ms. */
const leaseMs = 120_000;

/** Owes the digests whose slots have come, once over all replicas. */
export function digestSlot(ports: { readonly store: Store; readonly digests: () => readonly Digest[] }): ScheduleSlot {
  return {
    id: "digests",
    everyMs: () => lookEveryMs,
    async run() {
      await openDigestSlots(ports.store, ports.digests());
      return {};
    },
  };
}

export interface DigestWorkPorts extends Omit<DigestPorts, "policy" | "routing"> {
  readonly log: Log;
  readonly charts: Pick<Charts, "drawDigest">;
  readonly digests: () => readonly Digest[];
  readonly system: (id: string) => System | undefined;
  readonly routing: () => DigestPorts["routing"];
  readonly policyInForce: () => Promise<Policy>;
}

/** Makes the digests that are owed, and owes them to their channels. */
export function startDigestWorker(ports: DigestWorkPorts): QueueWorker {
  const { store, log } = ports;
  return startQueueWorker({
    queue: digestQueue,
    store,
    log,
    leaseMs,
    parallel: 2,
    everyMs: 1_000,
    handle: (item) => makeOwed(ports, item),
  });
}

/** Undefined where it settled the item itself. */
async function makeOwed(ports: DigestWorkPorts, item: Claimed): Promise<Handled | undefined> {
  const { store } = ports;
  const read = await readDigest(store, readOwedDigest(item.body));
  if (read?.record.state !== "due") return { done: true };
  const { record } = read;
  const digest = ports.digests().find(({ name }) => name === record.name);
  if (!digest) {
    await missDigest(store, { item, record, why: "it is no longer configured" });
    return undefined;
  }
  const policy = await ports.policyInForce();
  const systems = digest.systems.flatMap((id) => ports.system(id) ?? []);
  const { picture, ...made } = await makeDigest(
    { ...ports, policy, routing: ports.routing() },
    { digest, record, systems },
  );
  // Rules in force may be others than those the files were checked by.
  const channels = readableChannels(policy, { ids: digest.channels, systems: digest.systems });
  if (channels.length < digest.channels.length)
    ports.log.warn("a digest is not posted to every channel of it: the rules in force do not show its systems there", {
      digest: digest.name,
    });
  const places = channels.map(({ surface, channel }) => ({ surface, channel }));
  const pictures = await pictureFiles(ports.charts, picture, (error) =>
    ports.log.warn("the picture of a digest could not be drawn", { digest: digest.name, error }),
  );
  await keepDigest(store, { item, record }, { ...made, places, pictures });
  return undefined;
}
