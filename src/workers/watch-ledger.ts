import { type CountedBatches, countBatches } from "../acts/alerts/count-batches.ts";
import { settleFates } from "../acts/alerts/settle-fates.ts";
import type { Log } from "../domain/log.ts";
import type { Troubles } from "../domain/messages/trouble.ts";
import type { Store } from "../domain/store.ts";
import { stamp } from "../domain/text/moment.ts";
import { counted } from "../domain/text/quantities.ts";
import { unreadableWords } from "../domain/unreadable.ts";
import { quarantinedSince } from "../records/ledger.ts";

const everyMs = 60_000;
/** What was accepted is on record within seconds. */
const latestMs = 300_000;
/** For so long after the last of it people are told that something is in quarantine. */
const toldForMs = 3_600_000;
const mostNamed = 3;
/** So many that were dealt with may be newer than one that was not. */
const mostLooked = 200;

const troubleIds = { ledger: "alert-ledger", quarantine: "alert-quarantine", leftOut: "alerts-left-out" } as const;

export interface LedgerPorts {
  readonly store: Store;
  readonly log: Log;
  readonly troubles: Troubles;
}

export interface LedgerWatch {
  /** Look soon: there is something that people have to know. */
  look(): void;
  stop(): Promise<void>;
}

/** Looks at the start and once a minute whether every alert that was posted has exactly one outcome, and tells the operators of what has none. */
export function startWatchingLedger(ports: LedgerPorts): LedgerWatch {
  let [isEnding, isDue] = [false, false];
  const lookNow = async (): Promise<void> => {
    isDue = false;
    if (isEnding) return;
    await lookAtLedger(ports).catch((error: unknown) =>
      ports.log.warn("the ledger of alerts could not be looked at", { error }),
    );
  };
  let looking = lookNow();
  const look = (): void => {
    if (isDue) return;
    isDue = true;
    looking = looking.then(lookNow);
  };
  const timer = setInterval(look, everyMs).unref();
  return {
    look,
    async stop() {
      isEnding = true;
      clearInterval(timer);
      await looking;
    },
  };
}

/** One look: finished batches are counted, and what is wrong is told. */
export async function lookAtLedger({ store, troubles }: Pick<LedgerPorts, "store" | "troubles">): Promise<void> {
  let leftOut = 0;
  let some = 0;
  const unreadable = new Map((await settleFates(store)).map((each) => [each.record, each]));
  const waiting = new Map<string, CountedBatches["waiting"][number]>();
  const wrong = new Map<string, CountedBatches["wrong"][number]>();
  for (let since: number | undefined = 0; since !== undefined; ) {
    const found: CountedBatches = await countBatches(store, since);
    some += found.counted.length;
    leftOut += found.counted.reduce((sum, batch) => sum + batch.leftOut, 0);
    // Those that came at the time at which the next look begins are seen twice.
    for (const each of found.waiting) waiting.set(each.batch.id, each);
    for (const each of found.wrong) wrong.set(each.batch.id, each);
    for (const each of found.unreadable) unreadable.set(each.record, each);
    since = found.next;
  }
  const now = await store.now();
  tellFaults(
    troubles,
    { waiting: [...waiting.values()], wrong: [...wrong.values()], unreadable: [...unreadable.values()] },
    now,
  );
  await tellQuarantined(store, troubles, now);
  if (leftOut > 0) {
    const what = `Senders left out ${counted(leftOut, "alert")} of the batches that they posted, which nothing here knows of.`;
    const remedy = "Set max_alerts to 0 at the webhook in Alertmanager, or have it group alerts more finely.";
    troubles.raise({ id: troubleIds.leftOut, what, remedy });
  } else if (some > 0) troubles.clear(troubleIds.leftOut);
}

function tellFaults(
  troubles: Troubles,
  { waiting, wrong, unreadable }: Pick<CountedBatches, "waiting" | "wrong" | "unreadable">,
  now: number,
): void {
  const late = waiting.filter(({ batch }) => now - batch.at > latestMs);
  const told = [
    ...wrong.slice(0, mostNamed).map(({ batch, fault }) => `Of the batch ${batch.id} of ${batch.sender} ${fault}.`),
    ...late.slice(0, mostNamed).map(({ batch: { id, sender, at, events, next }, untold }) => {
      const [rest, what] = next < events ? [events - next, "not on record"] : [untold, "yet to be shown"];
      return `The batch ${id} of ${sender} came at ${stamp(at)}, and ${counted(rest, "alert")} of it are ${what}.`;
    }),
    ...(unreadable.length > 0 ? [`${unreadableWords(unreadable)}.`] : []),
  ];
  if (told.length === 0) return troubles.clear(troubleIds.ledger);
  const more = wrong.length + late.length > told.length ? " There are more." : "";
  troubles.raise({
    id: troubleIds.ledger,
    what: `Not every alert that was posted has one outcome. ${told.join(" ")}${more}`,
    remedy: "Look in the log for why; alerts why with the id of the batch tells what is on record.",
  });
}

async function tellQuarantined(store: Store, troubles: Troubles, now: number): Promise<void> {
  const entries = await quarantinedSince(store, now - toldForMs, mostLooked);
  const newest = entries.find(({ ended }) => ended === undefined);
  if (!newest) return troubles.clear(troubleIds.quarantine);
  const which = newest.place === undefined ? "a whole body" : `alert ${newest.place + 1} of a batch`;
  troubles.raise({
    id: troubleIds.quarantine,
    what: `What ${newest.sender} posted as alerts could not all be used: of ${which} ${newest.why}.`,
    remedy: `alerts why ${newest.batch} shows what is in quarantine; correct how it is sent or read, and take it in anew: alerts replay.`,
  });
}
