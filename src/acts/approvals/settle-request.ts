import { requestOfKey, standingApprovals } from "../../domain/approvals/request.ts";
import {
  type OwnReading,
  outcomeKnown,
  outdatesSettlement,
  type SettledAs,
  settledAs,
  settleRun,
  unsettleable,
} from "../../domain/approvals/settle-rules.ts";
import { nobody } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import type { OwnAct } from "../../domain/systems/own-system.ts";
import type { StepEnd } from "../../domain/systems/steps.ts";
import { stamp } from "../../domain/text/moment.ts";
import { type ReadRequest, readRequest } from "../../records/request.ts";
import { type Attempt, transact } from "../transact.ts";
import { type LookOncePorts, lookOnce, readAgainst } from "./read-against.ts";
import { stateCommit } from "./state-commit.ts";

export interface SettlePorts {
  readonly store: Store;
  /** What operated systems are asked through, which are put together after Wardroom's own acts. */
  readonly systems: () => LookOncePorts["systems"];
}

/**
 * What a settlement does once it is approved: the settled request is over as the people said, and what it held is free. Its
 * commit expects the request as it was read, so what was proven meanwhile stands and the settlement is refused.
 */
export function settleAct({ store, systems }: SettlePorts): OwnAct {
  return {
    async run(given, key) {
      const settlement = await readRequest(store, requestOfKey(key));
      if (!settlement) return { outcome: "refused", detail: "the settlement itself is gone" };
      const own = await ownReading({ store, systems: systems() }, given);
      const outcome = await transact(store, (now) => attemptSettling(store, { settlement, given, now, own }));
      if (outcome.repeated) throw new Error("settling is never a delivery");
      return outcome.result;
    },
    async probe({ request = "" }, key) {
      const read = await readRequest(store, request);
      return read?.request.settledBy === requestOfKey(key)
        ? { outcome: "done", detail: read.request.why }
        : { outcome: "refused", detail: "it was not written down" };
    },
  };
}

interface Settling {
  readonly settlement: ReadRequest;
  readonly given: Readonly<Record<string, string>>;
  readonly now: number;
  readonly own: OwnReading;
}

/**
 * Read before anything is written: what is proven by now is written down and ends the settlement; people may settle against what
 * is read, and it is told that they did.
 */
async function ownReading(ports: LookOncePorts, { request = "", outcome }: Settling["given"]): Promise<OwnReading> {
  const as = settledAs.find((each) => each === outcome);
  const read = as && (await lookOnce(ports, request));
  return read ? readAgainst(ports.systems.stepReadings, read, as) : { against: [], beside: [] };
}

async function attemptSettling(store: Store, { settlement, given, now, own }: Settling): Promise<Attempt<StepEnd>> {
  const { request: id = "", outcome = "" } = given;
  const [read, as] = [await readRequest(store, id), settledAs.find((each) => each === outcome)];
  if (!read || !as) return { result: { outcome: "refused", detail: "what it settles is gone" } };
  if (read.request.settledBy === settlement.request.id)
    return { result: { outcome: "done", detail: read.request.why } };
  const why = unsettleable(read, { now, when: stamp });
  if (why !== undefined || !read.run) return { result: { outcome: "refused", detail: why ?? "it never ran" } };
  if (outdatesSettlement(read.request, settlement.request))
    return { result: { outcome: "refused", detail: outcomeKnown(read.request) } };
  return settled(store, { read, run: read.run }, { settlement, as, now, own });
}

async function settled(
  store: Store,
  { read, run }: { readonly read: ReadRequest; readonly run: NonNullable<ReadRequest["run"]> },
  by: Pick<Settling, "settlement" | "now" | "own"> & { readonly as: SettledAs },
): Promise<Attempt<StepEnd>> {
  const { request, sealed } = by.settlement;
  const { requester } = sealed;
  const approvals = standingApprovals(request);
  const witnesses = [
    { person: requester.person, name: requester.name, saw: request.reason },
    ...approvals.map(({ person, name, seen }) => ({ person, name, saw: seen ?? "the card" })),
  ];
  const after = settleRun(
    { request: read.request, run },
    { as: by.as, witnesses, settlement: request.id, now: by.now, read: by.own },
  );
  const commit = await stateCommit(store, read, {
    ...after,
    now: by.now,
    kind: "settled",
    who: nobody,
    details: {
      why: after.request.why,
      settledBy: request.id,
      witnesses: witnesses.map(({ person, saw }) => ({ person, saw })),
    },
  });
  return { result: { outcome: "done", detail: after.request.why }, commit: { ...commit, durable: true } };
}
