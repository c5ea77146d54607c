import { setTimeout as pause } from "node:timers/promises";
import { type Fed, feedFollow } from "../acts/systems/feed-follow.ts";
import { endFollow } from "../acts/systems/follow-log.ts";
import { BackendError, UserError } from "../domain/failure.ts";
import type { Log } from "../domain/log.ts";
import type { Place } from "../domain/messages/place.ts";
import type { Directory } from "../domain/people/directory.ts";
import { type Permission, personOf } from "../domain/people/person.ts";
import { type Policy, type Verdict, withGroups } from "../domain/people/policy.ts";
import { may } from "../domain/people/viewer.ts";
import type { Claimed, Store } from "../domain/store.ts";
import { type Follow, linesARound, readsFrom } from "../domain/systems/follow.ts";
import type { LogQuery, Logs } from "../domain/systems/logs.ts";
import type { Systems } from "../domain/systems/system.ts";
import { followQueue, readFollow } from "../records/follow.ts";
import { noticeQueue } from "../records/notice.ts";
import { type Handled, type QueueWorker, startQueueWorker } from "./queue-worker.ts";

export interface FollowPorts {
  readonly store: Store;
  readonly log: Log;
  readonly systems: Systems & { readonly logs: Logs };
  readonly directory: Directory;
  readonly policyInForce: () => Promise<Policy>;
  /** How long a process that ends waits until its last words stand, ms; `lastWordsMs` when left out. */
  readonly lastWordsMs?: number;
}

/** A round ends within this, and one that does not is another's soon after. */
const roundMs = 8_000;
/** A source whose clock is ahead writes lines that are still to come. */
const aheadMs = 300_000;
/** How old may be what a platform says of whoever asked. */
const standingMaxAgeMs = 60_000;

/** How long a process that ends waits until its last words stand. */
const lastWordsMs = 4_000;

/** Feeds the logs that are followed, each every few seconds. Stopped, it ends those that it fed, and waits a little until they say so. */
export function startFollowWorker(ports: FollowPorts): QueueWorker {
  const { store, log } = ports;
  const fed = new Set<string>();
  const worker = startQueueWorker({
    queue: followQueue,
    store,
    log,
    leaseMs: roundMs + 4_000,
    parallel: 20,
    everyMs: 500,
    handle: (item) => feed(ports, item, fed),
  });
  return {
    wake: () => worker.wake(),
    async stop() {
      await worker.stop();
      const ended = await Promise.all([...fed].map((id) => endForGood(ports, id)));
      fed.clear();
      await told(ports, new Set(ended.filter((place) => place !== undefined).map(({ surface }) => surface)));
    },
  };
}

/** Where it stood that has been ended now. */
async function endForGood({ store, log }: FollowPorts, id: string): Promise<Place | undefined> {
  const follow = await endFollow(store, id, { why: "shutdown" }).catch((error: unknown) =>
    log.warn("a log that was followed could not be ended", { follow: id, error }),
  );
  return follow?.ended?.why === "shutdown" && !follow.place.passing ? follow.place : undefined;
}

/** Until nothing is owed to these surfaces, or a few seconds have passed. */
async function told({ store, ...ports }: FollowPorts, surfaces: ReadonlySet<string>): Promise<void> {
  const until = performance.now() + (ports.lastWordsMs ?? lastWordsMs);
  const isOwed = async (): Promise<boolean> => {
    const owed = await Promise.all([...surfaces].map((surface) => store.owed(noticeQueue(surface))));
    return owed.some(({ count }) => count > 0);
  };
  while (surfaces.size > 0 && performance.now() < until && (await isOwed())) await pause(50);
}

async function feed(ports: FollowPorts, item: Claimed, fed: Set<string>): Promise<Handled | undefined> {
  const read = await readFollow(ports.store, item.id);
  if (!read || read.follow.ended) {
    fed.delete(item.id);
    return { done: true };
  }
  fed.add(item.id);
  await feedFollow(ports.store, item, read, await round(ports, read.follow));
  return undefined;
}

async function round(ports: FollowPorts, follow: Follow): Promise<Fed> {
  try {
    const mayAsk = await rightsOf(ports, follow);
    if (typeof mayAsk === "string") return { refused: mayAsk };
    const read = mayAsk("read");
    if (!read.allowed) return { refused: read.why };
    const system = ports.systems.find(follow.system);
    if (!system) return { refused: "the system is configured no more" };
    const kept = system.logs.find(({ id }) => id === follow.query.source)?.private;
    const at = await ports.store.now();
    const over = at >= follow.until;
    const to = over ? follow.until : at + aheadMs;
    const from = readsFrom(follow);
    const query: LogQuery = {
      ...follow.query,
      ...(kept && mayAsk(kept.permission).allowed && { seesPrivate: true }),
      from: Math.min(from, to),
      to,
      limit: linesARound,
      deadlineMs: roundMs,
    };
    return { read: await ports.systems.logs.search(system, query), at: Math.min(at, to) };
  } catch (error) {
    if (!(error instanceof BackendError || error instanceof UserError)) throw error;
    return { trouble: error.message };
  }
}

/** What whoever asked may still see, under the rules in force now; why nobody can tell where nobody can. */
async function rightsOf(
  { policyInForce, directory }: FollowPorts,
  follow: Follow,
): Promise<string | ((permission: Permission) => Verdict)> {
  const policy = await policyInForce();
  const { account } = follow.by;
  const owner = personOf(account, policy.people);
  const standing = await directory.standing(account, { maxAgeMs: standingMaxAgeMs });
  if (!standing.ok) return standing.why;
  const person = owner && withGroups(owner, { surface: account.surface, groups: standing.groups }, policy);
  return (permission) => may({ person, place: follow.place, policy }, permission, follow.system);
}
