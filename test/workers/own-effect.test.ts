import { expect, it } from "vitest";
import { claimRun } from "../../src/acts/approvals/claim-run.ts";
import { plan } from "../../src/acts/approvals/plan.ts";
import { recordEnd, recordStart } from "../../src/acts/approvals/record-run.ts";
import type { Position } from "../../src/domain/systems/portfolio.ts";
import { executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { alphapulse, createBench } from "../acts/approvals/request-bench.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { OperationFile } from "../fakes/backends.ts";

const patience = { timeout: 60_000 };

const post = { method: "POST", url: "http://127.0.0.1:1/close", timeoutMs: 1_000 };
const open = { json: { url: "http://127.0.0.1:1/open" } };

/** It waits until orders are few, cancels them, and tells. */
const cancel = OperationFile.parse({
  summary: "Cancel every order",
  risk: { default: "change", destructive: "orders == 0" },
  read: { orders: open },
  precondition: {
    positions: { growth: 0.05 },
    unchanged: ["orders"],
    holds: [{ when: "orders > 0", else: "there is nothing to cancel" }],
  },
  steps: [
    { id: "few", title: "They are few", watch: { ...open, is: "value < 10" } },
    { id: "cancel", title: "Cancel them", http: post },
    { id: "tell", title: "Tell it", http: { ...post, url: "http://127.0.0.1:1/tell" } },
  ],
});

const held: Position = { symbol: "BTCUSDT", side: "long", quantity: 1, price: 60_000 };

/** Its process carried out so many steps, and is gone; then orders and positions are these. */
async function goneAfter(steps: number, then: { readonly orders: number; readonly quantity?: number }) {
  const bench = await createBench(policy());
  const now = { orders: 3, quantity: 1 };
  const reading = { ok: true as const, at: bench.clock.now, latencyMs: 1 };
  const executor = executorOn(
    bench,
    { cancel },
    {
      owner: "next",
      systems: {
        reads: { read: async () => ({ ...reading, value: now.orders }) },
        portfolios: {
          read: async () => ({
            ...reading,
            value: { positions: [{ ...held, quantity: now.quantity }], totals: [], currency: "USD" },
          }),
        },
      },
    },
  );
  const wanted = { system: alphapulse, name: "cancel", operation: cancel, arguments: {} };
  const asked = await bench.ask("ana", await plan(executor.ports.systems, wanted));
  const { id } = asked.request;
  const by = { owner: "gone", check: { drift: [] }, directory: bench.directory };
  const claimed = await claimRun(bench.store, { id, ...by });
  if (!claimed.claimed) throw new Error(claimed.why);
  for (const step of ["few", "cancel"].slice(0, steps)) {
    const at = { id, owner: "gone", fence: claimed.fence, step };
    await recordStart(bench.store, { ...at, budgetMs: 1_000 });
    await recordEnd(bench.store, { ...at, outcome: { outcome: "done", detail: "done" } });
  }
  Object.assign(now, then);
  bench.clock.now += 60_000;
  startExecutor(executor);
  const over = () => bench.now(asked);
  await expect.poll(async () => (await over()).request.state, patience).not.toMatch(/EXECUTING|APPROVED/);
  const { request } = await over();
  return {
    state: request.state,
    why: request.why,
    sent: executor.sent.map((key) => key.replace(`wardroom-${id}-`, "")),
  };
}

it("what a run has done itself is no drift to whoever goes on with it", async () => {
  expect(await goneAfter(2, { orders: 0 })).toMatchObject({ state: "SUCCEEDED", sent: ["tell"] });
});

it("positions that have grown stop it all the same", async () => {
  const { state, why, sent } = await goneAfter(2, { orders: 0, quantity: 2 });
  expect({ state, sent }).toEqual({ state: "PARTIAL", sent: [] });
  expect(why).toContain("BTCUSDT");
});

it("where it has only read until then, what changed meanwhile was changed by somebody else", async () => {
  const { why, sent } = await goneAfter(1, { orders: 0 });
  expect(sent).toEqual([]);
  expect(why).toContain("there is nothing to cancel");
});
