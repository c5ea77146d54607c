import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { claimRun } from "../../../src/acts/approvals/claim-run.ts";
import type { Proposal } from "../../../src/acts/approvals/open-request.ts";
import {
  recordEnd,
  recordFinish,
  recordLapse,
  recordLoss,
  recordReconciliation,
  recordStart,
} from "../../../src/acts/approvals/record-run.ts";
import { findRequest, openRequests } from "../../../src/records/request.ts";
import { verifyJournal } from "../../../src/store/verify.ts";
import { flattenPlan, people, person, policy } from "../../domain/approvals/request-fixtures.ts";
import { createBench } from "./request-bench.ts";

const reading = (value: { readonly replicas: number }) => ({
  kind: "value",
  name: "now",
  takenAt: 0,
  value,
  terms: { unchanged: true },
});

const claimAs = (owner: string) => ({ owner, check: { drift: [] } });

describe("asking", () => {
  it("seals what is asked: the digest is the hash of the bytes that the file shows", async () => {
    const bench = await createBench();
    const { request, sealed } = await bench.ask("ana");
    expect(createHash("sha256").update(request.sealed).digest("hex")).toBe(request.digest);
    expect(request.code).toBe(request.digest.slice(0, 6).toUpperCase());
    expect(sealed).toMatchObject({ operation: "flatten", requester: { person: "ana" }, policy: { tier: "critical" } });
    expect((await findRequest(bench.store, request.code, () => true))?.request.id).toBe(request.id);
  });

  it("twice for the same thing is one request; two things are two", async () => {
    const bench = await createBench();
    const first = await bench.ask("ana");
    const again = await bench.ask("ana", { reason: "worded otherwise" });
    const other = await bench.ask("ana", { operation: "flatten-all" });
    expect(again.request.id).toBe(first.request.id);
    expect(other.request.id).not.toBe(first.request.id);
  });

  it.each([
    ["what it rests on changed", { readings: [reading({ replicas: 5 })] }, "what it changes has changed"],
    ["it would destroy by now", { risk: "destructive" as const }, "as things stand now it is destructive"],
    [
      "its file says otherwise",
      { plan: { ...flattenPlan, summary: "Close all" } },
      "is configured otherwise than when it was asked for",
    ],
  ])("again once %s ends the one that waits, which says so", async (_what, anew, words) => {
    const bench = await createBench(policy());
    const first: Partial<Proposal> = {
      risk: "change",
      direction: "increases",
      readings: [reading({ replicas: 3 })],
    };
    const before = await bench.ask("ana", first);
    expect((await bench.ask("ana", first)).request.id).toBe(before.request.id);
    const after = await bench.ask("chen", { ...first, ...anew });
    expect(after.request.id).not.toBe(before.request.id);
    const { state, why } = (await bench.now(before)).request;
    expect(state).toBe("INVALIDATED");
    expect(why).toContain(words);
    expect(why).toContain("chen asked for it anew");
    expect((await bench.ask("ana", { ...first, ...anew })).request.id).toBe(after.request.id);
  });

  it("again after the first is over opens a new one", async () => {
    const bench = await createBench();
    const first = await bench.ask("ana");
    await bench.decide("deny", "boris", first);
    expect((await bench.ask("ana")).request.id).not.toBe(first.request.id);
  });

  it("stops at five that wait for the same person", async () => {
    const bench = await createBench();
    for (let number = 0; number < 5; number += 1) await bench.ask("ana", { operation: `flatten-${number}` });
    await expect(bench.ask("ana", { operation: "flatten-5" })).rejects.toThrow("You have 5 requests waiting already");
  });

  it("is refused when no rule says who must approve", async () => {
    const bench = await createBench(policy({ rules: [{ risk: "change", tier: "notice" }] }));
    await expect(bench.ask("ana")).rejects.toThrow("No rule says who must approve");
  });

  it("is refused when it destroys something and the rule asks nobody, whatever the files were forced to say", async () => {
    const bench = await createBench(policy({ rules: [{ tier: "notice" }] }));
    await expect(bench.ask("ana")).rejects.toThrow("the tier notice that it is given asks nobody");
    expect((await openRequests(bench.store)).found).toEqual([]);
  });

  it("what needs nobody is approved at once and due to run", async () => {
    const bench = await createBench();
    const { request } = await bench.ask("ana", { risk: "change", direction: "neutral" });
    expect(request.state).toBe("APPROVED");
    expect((await bench.store.claim("runs", { leaseMs: 1_000, limit: 5 })).map((item) => item.id)).toEqual([
      `claim:${request.id}`,
    ]);
  });
});

describe("deciding", () => {
  it("the requester's yes is refused from every account, and on record", async () => {
    const bench = await createBench();
    const asked = await bench.ask("chen");
    for (const account of ["console:chen", "terminal:chen", "slack:U-chen"]) {
      await expect(bench.decide("approve", "chen", asked, { account })).rejects.toThrow("it takes somebody else");
    }
    expect((await bench.now(asked)).request.decisions).toEqual([]);
    const refusals = (await bench.store.journal({ limit: 20 }))
      .flatMap((link) => link.entries)
      .filter((entry) => entry.kind === "request.refused");
    expect(refusals).toHaveLength(3);
  });

  it("is refused where the channel does not allow approving", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    await expect(bench.decide("approve", "boris", asked, { channel: "quiet" })).rejects.toThrow(
      "does not allow approve",
    );
    await expect(bench.decide("approve", "boris", asked, { channel: "nowhere" })).rejects.toThrow(
      "does not work in this channel",
    );
  });

  it("counts a delivery that comes again once, and answers it the same", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    const first = await bench.decide("approve", "boris", asked, { invocation: "d1" });
    const again = await bench.decide("approve", "boris", asked, { invocation: "d1" });
    expect(again.request).toEqual(first.request);
    expect(again.request.decisions).toHaveLength(1);
  });

  it("of a role taken away a moment ago counts no more", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    await bench.adopt(
      policy({
        revision: "r2",
        people: people.map((each) => (each.id === "boris" ? person("boris", "viewer") : each)),
      }),
    );
    await expect(bench.decide("approve", "boris", asked)).rejects.toThrow("The approval rules changed");
    expect((await bench.now(asked)).request.state).toBe("INVALIDATED");
  });

  it("a millisecond too late is refused though nothing swept", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    bench.clock.now = asked.sealed.decideBy;
    await expect(bench.decide("approve", "boris", asked)).rejects.toThrow("Nobody decided in time");
    expect((await bench.now(asked)).request.state).toBe("EXPIRED");
  });

  it("is not in time again because the clock was set back", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    bench.clock.now = asked.sealed.decideBy + 60_000;
    await bench.store.now();
    bench.clock.now = asked.sealed.decideBy - 60_000;
    await expect(bench.decide("approve", "boris", asked)).rejects.toThrow("Nobody decided in time");
    expect((await bench.now(asked)).request.state).toBe("EXPIRED");
  });

  it("approve and deny at the same time end in a no, or in a yes that the no found too late to stop", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    const results = await Promise.allSettled([
      bench.decide("approve", "boris", asked),
      bench.decide("deny", "chen", asked),
    ]);
    expect((await bench.now(asked)).request.state).toBe("DENIED");
    expect(results[1]?.status).toBe("fulfilled");
  });

  it("leaves a journal whose chain verifies", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    await bench.decide("approve", "boris", asked);
    expect(await verifyJournal(bench.store)).toMatchObject({ ok: true });
  });
});

describe("claiming", () => {
  it("has one winner among sixteen executors", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    await bench.decide("approve", "boris", asked);
    const outcomes = await Promise.all(
      Array.from({ length: 16 }, (_, worker) =>
        claimRun(bench.store, { directory: bench.directory, id: asked.request.id, ...claimAs(`w${worker}`) }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.claimed)).toHaveLength(1);
  });

  it("is invalidated by drift towards more risk, by new rules, and by a lost approver", async () => {
    const bench = await createBench();
    const drifted = await bench.ask("ana");
    await bench.decide("approve", "boris", drifted);
    await claimRun(bench.store, {
      directory: bench.directory,
      id: drifted.request.id,
      ...claimAs("w"),
      check: { drift: ["SOL: new, long 5"] },
    });
    expect((await bench.now(drifted)).request).toMatchObject({
      state: "INVALIDATED",
      why: "No longer what was approved: SOL: new, long 5. Ask again.",
    });

    const ruled = await bench.ask("ana");
    await bench.decide("approve", "boris", ruled);
    await bench.adopt(policy({ revision: "r2" }));
    await claimRun(bench.store, { directory: bench.directory, id: ruled.request.id, ...claimAs("w") });
    expect((await bench.now(ruled)).request.state).toBe("INVALIDATED");
  });

  it("waits while another request holds the target", async () => {
    const bench = await createBench();
    const [first, second] = [await bench.ask("ana"), await bench.ask("ana", { operation: "flatten-2" })];
    for (const asked of [first, second]) await bench.decide("approve", "boris", asked);
    await claimRun(bench.store, { directory: bench.directory, id: first.request.id, ...claimAs("w1") });
    expect(
      await claimRun(bench.store, { directory: bench.directory, id: second.request.id, ...claimAs("w2") }),
    ).toMatchObject({
      claimed: false,
      next: "later",
    });
  });
});

describe("running", () => {
  async function running() {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    await bench.decide("approve", "boris", asked);
    const claimed = await claimRun(bench.store, { directory: bench.directory, id: asked.request.id, ...claimAs("w1") });
    if (!claimed.claimed) throw new Error(claimed.why);
    return { bench, asked, at: { id: asked.request.id, owner: "w1", fence: claimed.fence } };
  }
  const done = { outcome: "done", detail: "closed" } as const;

  it("frees the target when it is confirmed, and leaves the list of open ones", async () => {
    const { bench, asked, at } = await running();
    for (const step of ["flatten", "flat"]) {
      expect(await recordStart(bench.store, { ...at, step, budgetMs: 0 })).toEqual({
        fence: at.fence,
        sendBefore: bench.clock.now + 5_000,
      });
      expect(await recordEnd(bench.store, { ...at, step, outcome: done })).toBe(true);
    }
    expect(await recordFinish(bench.store, at)).toBe(true);
    expect((await bench.now(asked)).request.state).toBe("SUCCEEDED");
    expect((await openRequests(bench.store)).found).toEqual([]);
    const next = await bench.ask("ana");
    await bench.decide("approve", "boris", next);
    expect(
      await claimRun(bench.store, { directory: bench.directory, id: next.request.id, ...claimAs("w2") }),
    ).toMatchObject({
      claimed: true,
      fence: at.fence + 1,
    });
  });

  it("whose owner died is unknown with the target held, until it is looked up", async () => {
    const { bench, asked, at } = await running();
    await recordStart(bench.store, { ...at, step: "flatten", budgetMs: 0 });
    expect(await recordLoss(bench.store, at.id)).toBe(false);
    bench.clock.now += 5_000;
    expect(await recordLoss(bench.store, at.id)).toBe(true);
    expect((await bench.now(asked)).request.state).toBe("UNKNOWN");
    expect(await recordEnd(bench.store, { ...at, step: "flatten", outcome: done })).toBe(false);

    const other = await bench.ask("ana", { operation: "flatten-2" });
    await bench.decide("approve", "boris", other);
    expect(
      await claimRun(bench.store, { directory: bench.directory, id: other.request.id, ...claimAs("w2") }),
    ).toMatchObject({
      claimed: false,
      next: "later",
    });

    bench.clock.now += asked.sealed.plan.hardDeadlineMs;
    await recordReconciliation(bench.store, at.id, [
      { step: "flatten", outcome: done },
      { step: "flat", outcome: done },
    ]);
    expect((await bench.now(asked)).request.state).toBe("SUCCEEDED");
  });
});

it("time ends what waits, through the sweeper too", async () => {
  const bench = await createBench();
  const pending = await bench.ask("ana");
  expect(await recordLapse(bench.store, pending.request.id)).toBe(false);
  bench.clock.now = pending.sealed.decideBy;
  expect(await recordLapse(bench.store, pending.request.id)).toBe(true);
  expect((await bench.now(pending)).request.state).toBe("EXPIRED");
});
