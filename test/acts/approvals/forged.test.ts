import { describe, expect, it } from "vitest";
import { claimRun } from "../../../src/acts/approvals/claim-run.ts";
import type { Request } from "../../../src/domain/approvals/request.ts";
import { putRequest, type ReadRequest, sealBytes } from "../../../src/records/request.ts";
import { verifyJournal } from "../../../src/store/verify.ts";
import { type Bench, createBench } from "./request-bench.ts";

const claim = (bench: Bench, { request }: ReadRequest) =>
  claimRun(bench.store, { id: request.id, owner: "w", check: { drift: [] }, directory: bench.directory });

/** Writes into the record of a request, past every act. */
async function forge(bench: Bench, { request, sealed }: ReadRequest, changes: Partial<Request>): Promise<void> {
  await bench.store.commit({ id: "forged", put: [putRequest({ ...request, ...changes }, sealed)] });
}

function yes(bench: Bench, { request }: ReadRequest, more: object = {}): Request["decisions"][number] {
  return {
    person: "boris",
    name: "boris",
    account: "console:boris",
    channel: "ops",
    verdict: "approve",
    digest: request.digest,
    at: bench.clock.now,
    ...more,
  };
}

describe("a decision that stands in no journal entry starts nothing (B32)", () => {
  it.each([
    ["without a place in the journal", {}],
    ["with the place of another entry", { journalledAfter: 0 }],
  ])("a yes that was written into the record, %s", async (_what, more) => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    const executeBy = bench.clock.now + 100_000;
    await forge(bench, asked, { state: "APPROVED", executeBy, decisions: [yes(bench, asked, more)] });
    expect((await verifyJournal(bench.store)).ok).toBe(true);
    expect(await claim(bench, asked)).toMatchObject({ claimed: false, next: "over" });
    expect((await bench.now(asked)).request).toMatchObject({
      state: "INVALIDATED",
      why: "The approval of boris stands in no journal entry. Nothing was started. Ask again.",
    });
  });

  it("the yes of one that is given to another", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    const { request } = await bench.decide("approve", "boris", asked);
    const [given] = request.decisions;
    await forge(
      bench,
      { ...asked, request },
      { decisions: [{ ...(given ?? yes(bench, asked)), person: "chen", name: "chen" }] },
    );
    expect(await claim(bench, asked)).toMatchObject({ claimed: false, next: "over" });
  });

  it("a whole request that nobody asked for", async () => {
    const bench = await createBench();
    const asked = await bench.ask("chen", { risk: "change", direction: "neutral" });
    const sealed = { ...asked.sealed, id: "f".repeat(32) };
    const { bytes, digest } = sealBytes(sealed);
    const forged = { ...asked, sealed, request: { ...asked.request, id: sealed.id, sealed: bytes, digest } };
    await bench.store.commit({ id: "forged", put: [putRequest(forged.request, sealed)] });
    expect(await claim(bench, forged)).toMatchObject({ claimed: false, next: "over" });
    expect((await bench.now(forged)).request.why).toContain("That chen asked for it stands in no journal entry.");
    expect(await claim(bench, asked)).toMatchObject({ claimed: true });
  });

  it("what was decided is found, however much is written down beside it", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    const others = Array.from({ length: 300 }, (_, number) =>
      bench.store.commit({
        id: `beside-${number}`,
        journal: [
          {
            kind: "terminal.enrolled",
            person: "ana",
            at: bench.clock.now,
            who: { person: null, account: null },
            account: "terminal:x",
          },
        ],
      }),
    );
    await Promise.all([...others, bench.decide("approve", "boris", asked)]);
    expect(await claim(bench, asked)).toMatchObject({ claimed: true });
  });
});
