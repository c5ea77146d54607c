import { expect, it } from "vitest";
import { claimRun } from "../../../src/acts/approvals/claim-run.ts";
import { endWatches } from "../../../src/acts/approvals/end-watches.ts";
import type { Proposal } from "../../../src/acts/approvals/open-request.ts";
import { recordStart, recordWait } from "../../../src/acts/approvals/record-run.ts";
import type { ReadRequest } from "../../../src/records/request.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../../fakes/backends.ts";
import { type Bench, createBench } from "./request-bench.ts";

const quiet = { id: "quiet", title: "It trades", watch: { json: { url: "http://127.0.0.1:1/" }, is: "true" } };
const operation = (targets: string[]) =>
  OperationFile.parse({ summary: "See that it stays well", risk: "change", targets, steps: [quiet] });
const change = { risk: "change", direction: "neutral" } as const;
const watch: Partial<Proposal> = { ...change, operation: "watch", plan: planner.plan(operation(["nothing"]), {}) };
const apart: Partial<Proposal> = { ...change, operation: "await", plan: planner.plan(operation(["service/db"]), {}) };
const stop: Partial<Proposal> = {
  ...change,
  operation: "stop",
  permission: "stop",
  direction: "reduces",
  urgent: true,
};
const asked: Partial<Proposal> = { operation: "halt", permission: "stop" };

/** Asked for, begun, and waited for once. */
async function begun(on: Bench, proposal: Partial<Proposal>): Promise<ReadRequest> {
  const { store, directory } = on;
  const read = await on.ask("ana", proposal);
  const { id } = read.request;
  const claimed = await claimRun(store, { id, owner: "w1", check: { drift: [] }, directory });
  if (!claimed.claimed) throw new Error(claimed.why);
  const at = { id, fence: claimed.fence, step: "quiet", owner: "w1" };
  const look = await recordStart(store, { ...at, budgetMs: 1_000, reads: true });
  const outcome = { outcome: "waiting", detail: "held for 2 of 30 min", progress: null, againInMs: 15_000 } as const;
  await recordWait(store, { ...at, lookAt: look?.lookAt, outcome });
  return read;
}

it("a stop ends what only watches its system and was begun before, with a plain verdict, and nothing else", async () => {
  const on = await createBench(policy());
  const [watching, other] = [await begun(on, watch), await begun(on, apart)];
  await endWatches(on.store, "alphapulse");
  await on.ask("ana", asked);
  await endWatches(on.store, "alphapulse");
  expect((await on.now(watching)).request.state).toBe("EXECUTING");
  on.clock.now += 1_000;
  const { request } = await on.ask("chen", stop);
  await endWatches(on.store, "logos");
  expect((await on.now(watching)).request.state).toBe("EXECUTING");
  await endWatches(on.store, "alphapulse");
  expect((await on.now(watching)).request).toMatchObject({
    state: "FAILED",
    why: `Ended: stop by chen (request ${request.code}) came while it was watched, so AlphaPulse-RL is not watched on; it was not seen to its end; last seen: held for 2 of 30 min.`,
  });
  expect((await on.now(other)).request.state).toBe("EXECUTING");
  on.clock.now += 1_000;
  const after = await begun(on, watch);
  await endWatches(on.store, "alphapulse");
  expect((await on.now(after)).request.state).toBe("EXECUTING");
});
