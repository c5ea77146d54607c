import type { Log } from "../domain/log.ts";
import type { Troubles } from "../domain/messages/trouble.ts";
import type { Store } from "../domain/store.ts";
import { type UnreadableRecord, unreadableWords } from "../domain/unreadable.ts";
import { unreadableRecords } from "../reads/unreadable-records.ts";
import { systemOfLock } from "../records/lock.ts";

const everyMs = 60_000;
const troubleId = "records";

export interface RecordPorts {
  readonly store: Store;
  readonly log: Log;
  readonly troubles: Troubles;
  /** The systems whose locks are looked at. */
  readonly systems: () => readonly { readonly id: string }[];
}

/** Looks at the start and once a minute whether all that is open can be read, and tells the operators what cannot. */
export function startWatchingRecords(ports: RecordPorts): { stop(): Promise<void> } {
  const look = (): Promise<void> =>
    lookOnce(ports).catch((error: unknown) => ports.log.warn("the records could not be looked at", { error }));
  let looking = look();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, everyMs).unref();
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}

async function lookOnce({ store, troubles, systems }: RecordPorts): Promise<void> {
  const unreadable = await unreadableRecords(store, systems());
  if (unreadable.length === 0) troubles.clear(troubleId);
  else troubles.raise({ id: troubleId, what: `${unreadableWords(unreadable)}.`, remedy: remedyFor(unreadable) });
}

/** A lock is named with what it holds up. */
function remedyFor(unreadable: readonly UnreadableRecord[]): string {
  const whole =
    "They are left as they are and nothing is done with them. If a later release wrote them, start that one again; else restore the store from a copy.";
  const locked = unreadable.flatMap(({ record }) => systemOfLock(record) ?? []);
  if (locked.length === 0) return whole;
  return `${whole} On ${locked.join(", ")} only what is urgent is started until its lock is freed, which wardroom doctor tells how to do.`;
}
