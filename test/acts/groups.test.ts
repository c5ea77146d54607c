import { describe, expect, it } from "vitest";
import { claimRun } from "../../src/acts/run-request.ts";
import type { Policy } from "../../src/domain/policy.ts";
import { people, person, policy } from "../domain/request-fixtures.ts";
import { type Bench, createBench } from "./request-bench.ts";

/** Boris approves by being in a user group; his own grants let him look only. */
const byGroup: Partial<Policy> = {
  people: people.map((each) => (each.id === "boris" ? person("boris", "viewer") : each)),
  groups: [{ surface: "slack", group: "S1", role: "approver", systems: "*" }],
};
const slackBoris = { account: "slack:U1" };

const claim = (bench: Bench, id: string) =>
  claimRun(bench.store, { id, owner: "w", leaseMs: 5_000, drift: [], directory: bench.directory });

describe("a role that a platform's group gives", () => {
  it("approves through the account that is in it, and through no other", async () => {
    const bench = await createBench(policy(byGroup));
    const asked = await bench.ask("ana");
    await expect(bench.decide("approve", "boris", asked)).rejects.toThrow("may not decide");
    await expect(bench.decide("approve", "boris", asked, slackBoris)).rejects.toThrow("may not decide");
    bench.standings.set("slack:U1", { ok: true, groups: ["S0", "S1"] });
    expect((await bench.decide("approve", "boris", asked, slackBoris)).request.state).toBe("APPROVED");
    expect(await claim(bench, asked.request.id)).toMatchObject({ claimed: true });
  });

  it("that was taken away between the yes and the run counts no more", async () => {
    const bench = await createBench(policy(byGroup));
    bench.standings.set("slack:U1", { ok: true, groups: ["S1"] });
    const asked = await bench.ask("ana");
    await bench.decide("approve", "boris", asked, slackBoris);
    bench.standings.set("slack:U1", { ok: true, groups: [] });
    expect(await claim(bench, asked.request.id)).toMatchObject({ claimed: false, next: "over" });
    expect((await bench.now(asked)).request.state).toBe("INVALIDATED");
  });
});

describe("an account its platform no longer vouches for", () => {
  const gone = { ok: false, why: "deactivated", remedy: "" } as const;

  it("decides nothing, whatever its owner may", async () => {
    const bench = await createBench();
    bench.standings.set("slack:U1", gone);
    const asked = await bench.ask("ana");
    await expect(bench.decide("approve", "boris", asked, slackBoris)).rejects.toThrow(/^There is no request/);
    expect((await bench.now(asked)).request.decisions).toEqual([]);
  });

  it("takes its yes with it before the run", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    await bench.decide("approve", "boris", asked, slackBoris);
    bench.standings.set("slack:U1", gone);
    expect(await claim(bench, asked.request.id)).toMatchObject({ claimed: false, next: "over" });
  });
});

describe("a platform that does not answer", () => {
  it("decides nothing, and says so", async () => {
    const bench = await createBench();
    bench.standings.set("slack:U1", "silent");
    const asked = await bench.ask("ana");
    await expect(bench.decide("approve", "boris", asked, slackBoris)).rejects.toThrow("slack could not be asked");
    expect((await bench.now(asked)).request.state).toBe("PENDING");
  });

  it("is asked again before the run, until its window is over", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    await bench.decide("approve", "boris", asked, slackBoris);
    bench.standings.set("slack:U1", "silent");
    expect(await claim(bench, asked.request.id)).toMatchObject({ claimed: false, next: "later" });
    bench.standings.delete("slack:U1");
    expect(await claim(bench, asked.request.id)).toMatchObject({ claimed: true });
  });
});
