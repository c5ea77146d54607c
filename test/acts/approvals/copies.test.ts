import { expect, it, vi } from "vitest";
import { claimRun } from "../../../src/acts/approvals/claim-run.ts";
import { flattenPlan, policy } from "../../domain/approvals/request-fixtures.ts";
import { createBench } from "./request-bench.ts";

it("what one commit tells of other cards rests on one list of what is open, and reaches all of them", async () => {
  const on = await createBench(policy());
  const about = (target: string) => ({ plan: { ...flattenPlan, targets: [target] } });
  await on.ask("chen", { operation: "stop", risk: "change", permission: "stop", urgent: true });
  const revival = await on.ask("ana", { operation: "reset-stop", direction: "increases", ...about("service/mode") });
  const behind = await on.ask("ana", { operation: "drain", direction: "neutral", ...about("service/feed") });
  const asked = await on.ask("ana", { operation: "restart", direction: "neutral", ...about("service/feed") });
  await on.decide("approve", "boris", asked);
  const list = vi.spyOn(on.store, "list");
  const commit = vi.spyOn(on.store, "commit");
  const claimed = await claimRun(on.store, {
    id: asked.request.id,
    owner: "w1",
    check: { drift: [] },
    directory: on.directory,
  });
  expect(claimed).toMatchObject({ claimed: true });
  expect(list.mock.calls.filter(([kind, index]) => kind === "request" && index === "open")).toHaveLength(1);
  const told = JSON.stringify(commit.mock.calls.map(([{ notices }]) => notices));
  for (const { request } of [asked, revival, behind]) expect(told).toContain(request.id);
});
