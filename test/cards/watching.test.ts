import { expect, it } from "vitest";
import type { Proposal } from "../../src/acts/approvals/open-request.ts";
import { requestCard } from "../../src/cards/request.ts";
import { shownRequest } from "../../src/reads/shown-request.ts";
import { createBench } from "../acts/approvals/request-bench.ts";
import { flattenPlan, policy } from "../domain/approvals/request-fixtures.ts";

const followUp = { operation: "watch-trading", arguments: {}, once: "done" as const };
const setMode: Partial<Proposal> = { operation: "set-mode", plan: { ...flattenPlan, followUp } };
const watch: Partial<Proposal> = {
  operation: "watch-trading",
  risk: "change",
  plan: { ...flattenPlan, targets: ["nothing"] },
};

it("what waits says that the watch of what was done before it is not over, and no more once it is", async () => {
  const on = await createBench(policy());
  const watching = await on.ask("ana", watch);
  const asked = await on.ask("ana", setMode);
  const card = async () => JSON.stringify(requestCard(await shownRequest(on.store, await on.now(asked))));
  expect(await card()).toContain(`watch-trading, request ${watching.request.code}, is approved`);
  expect(await card()).toContain(`it has not held to its end`);
  await on.decide("cancel", "ana", watching);
  expect(await card()).not.toContain(watching.request.code);
});
