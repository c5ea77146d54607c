import { describe, expect, it } from "vitest";
import { adoptPolicy } from "../../../src/acts/people/adopt-policy.ts";
import { changePolicyAct } from "../../../src/acts/people/change-policy.ts";
import { type Governed, governPolicy } from "../../../src/acts/people/govern-policy.ts";
import { stepKey } from "../../../src/domain/approvals/request.ts";
import type { Policy } from "../../../src/domain/people/policy.ts";
import { textOfDatum } from "../../../src/domain/systems/exact.ts";
import { waitingPolicyChange } from "../../../src/reads/policy-change.ts";
import { policyReader } from "../../../src/reads/policy-in-force.ts";
import { policyKey, putPolicy } from "../../../src/records/policy.ts";
import { peopleAndRulesTrouble, troubleKey } from "../../../src/records/trouble.ts";
import { people, person, policy } from "../../domain/approvals/request-fixtures.ts";
import { type Bench, createBench } from "../approvals/request-bench.ts";
import { ownSystems as systems } from "./own-systems.ts";

const govern = (bench: Bench, next: Policy, again = false, supersedes: string | undefined = "any"): Promise<Governed> =>
  governPolicy({ store: bench.store, systems, again, supersedes }, next);
const without = (...ids: string[]) => people.filter(({ id }) => !ids.includes(id));
const alone = policy({ revision: "r2", people: without("chen") });
const grown = policy({ revision: "r3", people: [...people, person("emil", "viewer")] });

async function waiting(bench: Bench, next: Policy) {
  const governed = await govern(bench, next);
  if (governed.now !== "waits") throw new Error(`it is ${governed.now}`);
  return governed.request;
}

const rulesOf = async ({ store }: Bench) => (await policyReader(store)()).revision;
const troubleOf = async ({ store }: Bench) => (await store.read([troubleKey(peopleAndRulesTrouble)]))[0]?.value;

/** As its run carries it out, or asks whether it was. */
async function carriedOut(
  bench: Bench,
  { sealed }: Awaited<ReturnType<typeof waiting>>,
  verb: "run" | "probe" = "run",
) {
  const texts = Object.fromEntries(
    Object.entries(sealed.arguments).map(([name, value]) => [name, textOfDatum(value) ?? ""]),
  );
  return changePolicyAct(bench.store)[verb](texts, stepKey(sealed.id, "change-policy"));
}

it("what came into force is known to have, also after others did", async () => {
  const bench = await createBench();
  const asked = await waiting(bench, grown);
  expect(await carriedOut(bench, asked, "probe")).toMatchObject({ outcome: "refused" });
  await bench.decide("approve", "boris", asked);
  await bench.decide("approve", "chen", asked);
  expect(await carriedOut(bench, asked)).toMatchObject({ outcome: "done" });
  await adoptPolicy(bench.store, policy({ revision: "r4" }), { how: "offline", user: "maria" });
  expect(await rulesOf(bench)).toBe("r4");
  expect(await carriedOut(bench, asked, "probe")).toEqual({ outcome: "done", detail: "they came into force" });
});

describe("files that leave fewer than two people to decide", () => {
  it("are asked for from nobody, however often they are read, and the operators are told who would be left", async () => {
    const bench = await createBench();
    for (const again of [false, true, false])
      expect(await govern(bench, alone, again)).toEqual({ now: "refused", why: expect.stringContaining("only boris") });
    expect(await rulesOf(bench)).toBe("r1");
    expect(await waitingPolicyChange(bench.store)).toEqual({ refused: expect.stringContaining("only boris") });
    expect(await troubleOf(bench)).toMatchObject({
      what: expect.stringContaining("only boris"),
      remedy: expect.stringContaining("wardroom policy adopt --offline"),
    });
    const raised = (await bench.store.journal({ limit: 50 }))
      .flatMap(({ entries }) => entries)
      .filter(({ kind }) => kind === "trouble.raised");
    expect(raised).toHaveLength(1);
  });

  it("end what the files asked for before them, and are over with what they say next", async () => {
    const bench = await createBench();
    const asked = await waiting(bench, grown);
    expect(await govern(bench, alone)).toMatchObject({ now: "refused" });
    expect((await bench.now(asked)).request.state).toBe("CANCELLED");
    await waiting(bench, { ...grown, revision: "r4" });
    expect(await troubleOf(bench)).toBeUndefined();
    expect(await govern(bench, alone)).toMatchObject({ now: "refused" });
    expect(await govern(bench, policy())).toEqual({ now: "in-force" });
    expect([await troubleOf(bench), await waitingPolicyChange(bench.store)]).toEqual([undefined, undefined]);
  });

  it("come into force by whoever may write the store, and the operators' trouble is over", async () => {
    const bench = await createBench();
    await govern(bench, alone);
    expect(await adoptPolicy(bench.store, alone, { how: "offline", user: "maria" })).toEqual([
      expect.stringContaining("chen"),
    ]);
    expect([await rulesOf(bench), await troubleOf(bench)]).toEqual(["r2", undefined]);
  });

  it("are not asked for in two steps either: what is left is judged by what is in force then", async () => {
    const bench = await createBench();
    const swapped = policy({ revision: "r2", people: [...without("chen"), person("emil", "lead")] });
    const asked = await waiting(bench, swapped);
    await bench.decide("approve", "boris", asked);
    await bench.decide("approve", "chen", asked);
    expect(await carriedOut(bench, asked)).toMatchObject({ outcome: "done" });
    const next = policy({ revision: "r3", people: without("chen") });
    expect(await govern(bench, next)).toMatchObject({ now: "refused", why: expect.stringContaining("only boris") });
  });

  it("do not come into force by the yes that was given before it was known: an account was linked meanwhile", async () => {
    const bench = await createBench();
    const emil = { ...person("emil", "lead"), accounts: { console: ["phone"] } };
    const asked = await waiting(bench, policy({ revision: "r2", people: [...without("chen"), emil] }));
    await bench.decide("approve", "boris", asked);
    await bench.decide("approve", "chen", asked);
    const link = { surface: "console", id: "phone", person: "boris", confirmedBy: "chen", at: 0 };
    const [current] = await bench.store.read([policyKey]);
    const linked = { expect: { [policyKey]: current?.revision ?? null }, put: [putPolicy(policy(), [link])] };
    await bench.store.commit({ id: "linked", ...linked });
    expect(await carriedOut(bench, asked)).toMatchObject({
      outcome: "refused",
      detail: expect.stringContaining("one person agree twice"),
    });
    expect(await rulesOf(bench)).toBe("r1");
  });
});

describe("replicas that read other files", () => {
  it.each([
    ["first", undefined],
    ["few", policy({ people: without("chen") })],
  ] as const)("do not put theirs in the place of what another put in force (%s)", async (how, rules) => {
    const bench = await createBench(rules);
    if (rules) await adoptPolicy(bench.store, policy({ revision: "r5" }), { how: "few" });
    const inForce = await rulesOf(bench);
    expect(await adoptPolicy(bench.store, grown, { how })).toBeUndefined();
    expect(await rulesOf(bench)).toBe(inForce);
    expect(await govern(bench, grown)).toMatchObject({ now: "waits" });
  });

  it("leave standing what the operators are told of another's files", async () => {
    const bench = await createBench();
    await govern(bench, alone);
    expect(await govern(bench, policy(), false, "r1")).toEqual({ now: "in-force" });
    expect(await troubleOf(bench)).toBeDefined();
  });
});
