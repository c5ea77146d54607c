import { describe, expect, it } from "vitest";
import { claimRun } from "../../../src/acts/approvals/claim-run.ts";
import type { Policy } from "../../../src/domain/people/policy.ts";
import { policyKey, putWithLink, putWithoutLink } from "../../../src/records/policy.ts";
import { people, person, policy } from "../../domain/approvals/request-fixtures.ts";
import { type Bench, createBench } from "./request-bench.ts";

/** Boris approves by being in a user group; his own grants let him look only. */
const byGroup: Partial<Policy> = {
  people: people.map((each) => (each.id === "boris" ? person("boris", "viewer") : each)),
  groups: [{ surface: "slack", group: "S1", role: "approver", systems: "*" }],
};
const slackBoris = { account: "slack:U-boris" };

const claim = (bench: Bench, id: string) =>
  claimRun(bench.store, { id, owner: "w", check: { drift: [] }, directory: bench.directory });

describe("a role that a platform's group gives", () => {
  it("approves through the account that is in it, and through no other", async () => {
    const bench = await createBench(policy(byGroup));
    const asked = await bench.ask("ana");
    await expect(bench.decide("approve", "boris", asked)).rejects.toThrow("may not decide");
    await expect(bench.decide("approve", "boris", asked, slackBoris)).rejects.toThrow("may not decide");
    bench.standings.set("slack:U-boris", { ok: true, groups: ["S0", "S1"] });
    expect((await bench.decide("approve", "boris", asked, slackBoris)).request.state).toBe("APPROVED");
    expect(await claim(bench, asked.request.id)).toMatchObject({ claimed: true });
  });

  it("that was taken away between the yes and the run counts no more", async () => {
    const bench = await createBench(policy(byGroup));
    bench.standings.set("slack:U-boris", { ok: true, groups: ["S1"] });
    const asked = await bench.ask("ana");
    await bench.decide("approve", "boris", asked, slackBoris);
    bench.standings.set("slack:U-boris", { ok: true, groups: [] });
    expect(await claim(bench, asked.request.id)).toMatchObject({ claimed: false, next: "over" });
    expect((await bench.now(asked)).request.state).toBe("INVALIDATED");
  });
});

describe("an account its platform no longer vouches for", () => {
  const gone = { ok: false, why: "deactivated", remedy: "" } as const;

  it("decides nothing, whatever its owner may", async () => {
    const bench = await createBench();
    bench.standings.set("slack:U-boris", gone);
    const asked = await bench.ask("ana");
    await expect(bench.decide("approve", "boris", asked, slackBoris)).rejects.toThrow(/^There is no request/);
    expect((await bench.now(asked)).request.decisions).toEqual([]);
  });

  it("takes its yes with it before the run", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    await bench.decide("approve", "boris", asked, slackBoris);
    bench.standings.set("slack:U-boris", gone);
    expect(await claim(bench, asked.request.id)).toMatchObject({ claimed: false, next: "over" });
  });
});

describe("an account that was linked to a person", () => {
  const link = { surface: "slack", id: "U9", person: "boris", confirmedBy: "chen", at: 1 } as const;

  async function change(bench: Bench, how: "link" | "unlink"): Promise<void> {
    const [document] = await bench.store.read([policyKey]);
    const put = how === "link" ? putWithLink(document, link) : putWithoutLink(document, link, bench.clock.now);
    await bench.store.commit({ id: how, put: [put] });
  }

  it("and is theirs no more when the run starts takes its yes with it", async () => {
    const bench = await createBench();
    await change(bench, "link");
    const asked = await bench.ask("ana");
    expect((await bench.decide("approve", "boris", asked, { account: "slack:U9" })).request.state).toBe("APPROVED");
    await change(bench, "unlink");
    expect(await claim(bench, asked.request.id)).toMatchObject({ claimed: false, next: "over" });
  });

  it("and is theirs no more when they decide decides nothing", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    await expect(bench.decide("approve", "boris", asked, { account: "slack:U9" })).rejects.toThrow(
      /^There is no request/,
    );
  });
});

describe("a platform that does not answer", () => {
  it("decides nothing, and says so", async () => {
    const bench = await createBench();
    bench.standings.set("slack:U-boris", "silent");
    const asked = await bench.ask("ana");
    await expect(bench.decide("approve", "boris", asked, slackBoris)).rejects.toThrow("Slack could not be asked");
    expect((await bench.now(asked)).request.state).toBe("PENDING");
  });

  it("is asked again before the run, until its window is over", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    await bench.decide("approve", "boris", asked, slackBoris);
    bench.standings.set("slack:U-boris", "silent");
    expect(await claim(bench, asked.request.id)).toMatchObject({ claimed: false, next: "later" });
    bench.standings.delete("slack:U-boris");
    expect(await claim(bench, asked.request.id)).toMatchObject({ claimed: true });
  });

  it("holds up no denial and nobody who takes back what they said, from elsewhere", async () => {
    const bench = await createBench();
    for (const [verb, who, state] of [
      ["deny", "chen", "DENIED"],
      ["cancel", "ana", "CANCELLED"],
    ] as const) {
      bench.standings.delete("slack:U-boris");
      const asked = await bench.ask("ana");
      await bench.decide("approve", "boris", asked, slackBoris);
      bench.standings.set("slack:U-boris", "silent");
      expect((await bench.decide(verb, who, asked)).request.state).toBe(state);
    }
  });

  it("leaves nothing approved by whom it hides, when another who approved withdraws", async () => {
    const alternatives = [[{ role: "approver", count: 2 }], [{ role: "lead", count: 1 }]];
    const rules = policy({ tiers: [{ id: "critical", alternatives, decideBy: 900_000, window: 300_000 }] });
    for (const [said, state] of [
      [{ ok: true, groups: [] }, "APPROVED"],
      ["silent", "PENDING"],
    ] as const) {
      const bench = await createBench({ ...rules, rules: [{ tier: "critical" }] });
      const asked = await bench.ask("ana");
      await bench.decide("approve", "boris", asked);
      await bench.decide("approve", "chen", asked, { account: "slack:U-chen" });
      bench.standings.set("slack:U-chen", said);
      expect((await bench.decide("withdraw", "boris", asked)).request.state).toBe(state);
    }
  });
});
