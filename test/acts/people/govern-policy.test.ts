import { describe, expect, it } from "vitest";
import { changePolicyAct } from "../../../src/acts/people/change-policy.ts";
import { type Governed, governPolicy } from "../../../src/acts/people/govern-policy.ts";
import { stepKey } from "../../../src/domain/approvals/request.ts";
import type { Policy } from "../../../src/domain/people/policy.ts";
import { textOfDatum } from "../../../src/domain/systems/exact.ts";
import { waitingPolicyChange } from "../../../src/reads/policy-change.ts";
import { policyReader } from "../../../src/reads/policy-in-force.ts";
import { people, person, policy } from "../../domain/approvals/request-fixtures.ts";
import { type Bench, createBench } from "../approvals/request-bench.ts";
import { ownSystems as systems } from "./own-systems.ts";

const govern = (bench: Bench, next: Policy, again = false, supersedes: string | undefined = "any"): Promise<Governed> =>
  governPolicy({ store: bench.store, systems, again, supersedes }, next);

/** One editor of people.yaml writes a second self. */
const second = policy({ revision: "r2", people: [...people, person("ana2", "approver")] });

async function waiting(bench: Bench, next: Policy = second) {
  const governed = await govern(bench, next);
  if (governed.now !== "waits") throw new Error(`it is ${governed.now}`);
  return governed.request;
}

const rulesOf = async (bench: Bench) => (await policyReader(bench.store)()).revision;

/** As its run carries it out. */
async function carriedOut(bench: Bench, request: Awaited<ReturnType<typeof waiting>>) {
  const { arguments: given, id } = request.sealed;
  const texts = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, textOfDatum(value) ?? ""]));
  return changePolicyAct(bench.store).run(texts, stepKey(id, "change-policy"));
}

describe("a policy that a file changed", () => {
  it("is not in force at the next start without two people", async () => {
    const bench = await createBench();
    const { request, sealed } = await waiting(bench);
    expect(await rulesOf(bench)).toBe("r1");
    expect(sealed).toMatchObject({ system: "wardroom", operation: "change-policy", favours: ["ana2"] });
    expect(sealed.changes).toEqual([expect.stringContaining("ana2 is new")]);
    expect(await waitingPolicyChange(bench.store)).toEqual({ code: request.code });
    const asked = await bench.ask("ana");
    await expect(bench.decide("approve", "ana2", asked)).rejects.toThrow("There is no request");
    expect((await bench.now(asked)).request.state).toBe("PENDING");
  });

  it("is in force once two people have agreed, exactly as it was sealed", async () => {
    const bench = await createBench();
    const asked = await waiting(bench);
    await bench.decide("approve", "boris", asked);
    expect((await bench.now(asked)).request.state).toBe("PENDING");
    await expect(bench.decide("approve", "boris", asked)).rejects.toThrow("Another person must do the rest");
    await bench.decide("approve", "chen", asked);
    expect((await bench.now(asked)).request.state).toBe("APPROVED");
    expect(await carriedOut(bench, asked)).toMatchObject({ outcome: "done" });
    expect(await carriedOut(bench, asked)).toMatchObject({ outcome: "done" });
    expect(await rulesOf(bench)).toBe("r2");
    expect(await waitingPolicyChange(bench.store)).toBeUndefined();
    expect(await govern(bench, second)).toEqual({ now: "in-force" });
    const adopted = (await bench.store.journal({ limit: 50 })).flatMap(({ entries }) => entries);
    expect(adopted).toContainEqual(
      expect.objectContaining({ kind: "policy.adopted", how: "approved", request: asked.request.code }),
    );
  });

  it("asks once, however often the files are read and by however many replicas", async () => {
    const bench = await createBench();
    const asked = await waiting(bench);
    const again = await Promise.all(Array.from({ length: 4 }, () => govern(bench, second)));
    expect(again.map((each) => each.now === "waits" && each.request.request.id)).toEqual(
      Array.from({ length: 4 }, () => asked.request.id),
    );
  });

  it("is asked for once by replicas that start together", async () => {
    const bench = await createBench();
    const all = await Promise.all(Array.from({ length: 4 }, () => govern(bench, second)));
    expect(new Set(all.map((each) => each.now === "waits" && each.request.request.id)).size).toBe(1);
  });

  it("is not taken back by a replica whose files are still those in force", async () => {
    const bench = await createBench();
    const asked = await waiting(bench);
    expect(await govern(bench, policy(), false, "r1")).toEqual({ now: "in-force" });
    expect((await bench.now(asked)).request.state).toBe("PENDING");
    expect(await govern(bench, policy(), false, "r2")).toEqual({ now: "in-force" });
    expect((await bench.now(asked)).request.state).toBe("CANCELLED");
  });

  it("is superseded by what the files say next, and taken back when they say again what rules", async () => {
    const bench = await createBench();
    const first = await waiting(bench);
    const next = await waiting(bench, policy({ revision: "r3", roles: policy().roles.slice(1) }));
    expect((await bench.now(first)).request).toMatchObject({
      state: "CANCELLED",
      why: "Superseded: the files changed again.",
    });
    expect((await bench.now(next)).request.state).toBe("PENDING");
    expect(await govern(bench, policy())).toEqual({ now: "in-force" });
    expect((await bench.now(next)).request.state).toBe("CANCELLED");
    expect(await waitingPolicyChange(bench.store)).toBeUndefined();
  });

  it("whose files changed after the last yes does not come into force", async () => {
    const bench = await createBench();
    const asked = await waiting(bench);
    await bench.decide("approve", "boris", asked);
    await bench.decide("approve", "chen", asked);
    await bench.store.commit({ id: "gone", remove: ["policy/proposed"] });
    expect(await carriedOut(bench, asked)).toMatchObject({ outcome: "refused" });
    expect(await rulesOf(bench)).toBe("r1");
  });

  it("that was changed behind our back under the same name does not come into force", async () => {
    const bench = await createBench();
    const asked = await waiting(bench);
    const forged = { ...second, people: [...second.people, person("eve", "lead")] };
    await bench.store.commit({
      id: "forged",
      put: [
        { key: "policy/proposed", value: { format: 1, policy: JSON.parse(JSON.stringify(forged)), request: null } },
      ],
    });
    expect(await carriedOut(bench, asked)).toMatchObject({ outcome: "refused" });
    expect(await rulesOf(bench)).toBe("r1");
  });

  it("that two people said no to is not asked for again by itself, and is when somebody wants it to be", async () => {
    const bench = await createBench();
    const asked = await waiting(bench);
    await bench.decide("deny", "boris", asked);
    expect(await govern(bench, second)).toMatchObject({ now: "denied" });
    expect(await waitingPolicyChange(bench.store)).toEqual({ ended: "Denied by boris." });
    const again = await govern(bench, second, true);
    expect(again).toMatchObject({ now: "waits", isNew: true });
    expect(await rulesOf(bench)).toBe("r1");
  });

  it("is asked for again once nobody decided in time", async () => {
    const bench = await createBench();
    const asked = await waiting(bench);
    bench.clock.now += 7 * 86_400_000;
    const again = await waiting(bench);
    expect(again.request.id).not.toBe(asked.request.id);
    expect(await rulesOf(bench)).toBe("r1");
  });
});

describe("who agrees to a change", () => {
  const boris = { ...person("boris", "lead"), accounts: person("boris", "approver").accounts };
  const favoursBoris = policy({
    revision: "r2",
    people: people.map((each) => (each.id === "boris" ? boris : each)),
  });

  it("is not the one person whom it favours", async () => {
    const bench = await createBench(policy({ people: [...people, person("emil", "lead")] }));
    const asked = await waiting(bench, { ...favoursBoris, people: [...favoursBoris.people, person("emil", "lead")] });
    expect(asked.sealed.favours).toEqual(["boris"]);
    await expect(bench.decide("approve", "boris", asked)).rejects.toThrow("boris gains by this, so it takes others");
    await bench.decide("approve", "chen", asked);
    await bench.decide("approve", "emil", asked);
    expect((await bench.now(asked)).request.state).toBe("APPROVED");
  });

  it("is nobody who may not approve", async () => {
    const bench = await createBench();
    const asked = await waiting(bench);
    for (const who of ["ana", "dana"])
      await expect(bench.decide("approve", who, asked)).rejects.toThrow("may not decide on wardroom");
  });

  it("is never a hole for one who gains where only two could agree: it waits", async () => {
    const bench = await createBench();
    const asked = await waiting(bench, favoursBoris);
    await bench.decide("approve", "chen", asked);
    expect((await bench.now(asked)).request.state).toBe("PENDING");
    expect(await govern(bench, favoursBoris)).toMatchObject({ now: "waits" });
  });
});

describe("a team of one", () => {
  const alone = policy({ people: people.filter(({ id }) => id !== "chen") });
  const operators = policy().channels.map((each) => ({ ...each, operator: each.id === "quiet" }));

  it("grows by the file, told in every operator channel: fewer than two could have agreed", async () => {
    const bench = await createBench({ ...alone, channels: operators });
    const grown = policy({ revision: "r2", channels: operators });
    expect(await govern(bench, grown)).toMatchObject({
      now: "adopted",
      how: "few",
      changes: [expect.stringContaining("chen is new")],
    });
    expect(await rulesOf(bench)).toBe("r2");
    const owed = await bench.store.claim("notices/console", { leaseMs: 1, limit: 10 });
    expect(owed.map(({ body }) => body)).toContainEqual(
      expect.objectContaining({
        subject: { kind: "adoption", adoption: expect.any(String) },
        place: { surface: "console", channel: "quiet" },
      }),
    );
    // From now on there are two, and no way back but the one on the machine.
    expect(await govern(bench, { ...second, revision: "r3", channels: operators })).toMatchObject({ now: "waits" });
    expect(await govern(bench, { ...alone, revision: "r4", channels: operators })).toMatchObject({ now: "refused" });
  });

  it("is not one where groups may give the right: whoever could hold it by a group counts", async () => {
    const groups = [{ surface: "slack", group: "S1", role: "approver", systems: "*" as const }];
    const [ops] = policy().channels;
    if (!ops) throw new Error("there is no channel");
    const channels = [...policy().channels, { ...ops, id: "slack-ops", surface: "slack", channel: "C1" }];
    const bench = await createBench({ ...alone, groups, channels });
    expect(await govern(bench, { ...second, groups, channels })).toMatchObject({ now: "waits" });
  });

  it.each([
    [
      "no right on wardroom",
      policy({
        people: people.map((each) => ({
          ...each,
          grants: each.grants.map((grant) => ({ ...grant, systems: ["alphapulse"] })),
        })),
      }),
    ],
    ["no place to approve it in", policy({ channels: policy().channels.filter(({ id }) => id === "trading") })],
  ])("is also one whose approvers have %s", async (_what, rules) => {
    const bench = await createBench(rules);
    expect(await govern(bench, second)).toMatchObject({ now: "adopted", how: "few" });
  });
});

it("what says the same, in another order too, is no change, and what waits waits on", async () => {
  const bench = await createBench();
  const asked = await bench.ask("ana");
  expect(await govern(bench, policy({ revision: "r2", people: people.toReversed() }))).toEqual({ now: "in-force" });
  await bench.decide("approve", "boris", asked);
  expect((await bench.now(asked)).request.state).toBe("APPROVED");
});

describe("whoever gains by a change", () => {
  const emil = person("emil", "lead");
  const inForce = policy({ people: [...people, emil] });
  const promoted = (id: string) => ({
    ...person(id, "lead"),
    accounts: person("boris", "approver").accounts,
  });
  const others = inForce.people.filter(({ id }) => id !== "boris");

  it.each([
    ["under another id", [...others, promoted("boris-b")]],
    ["beside somebody else who gains a trifle", [...others, promoted("boris"), person("ghost", "viewer")]],
  ])("does not agree to it %s, while two others can", async (_what, after) => {
    const bench = await createBench(inForce);
    const asked = await waiting(bench, policy({ revision: "r2", people: after }));
    await expect(bench.decide("approve", "boris", asked)).rejects.toThrow("boris gains by this");
    await bench.decide("approve", "chen", asked);
    await bench.decide("approve", "emil", asked);
    expect((await bench.now(asked)).request.state).toBe("APPROVED");
  });

  it("does not agree to it for a decoy, where one other could: it waits", async () => {
    const bench = await createBench();
    const after = [...people.filter(({ id }) => id !== "boris"), promoted("boris"), person("ghost", "viewer")];
    const asked = await waiting(bench, policy({ revision: "r2", people: after }));
    await expect(bench.decide("approve", "boris", asked)).rejects.toThrow("boris gains by this");
  });

  it("cannot hide it behind a name", async () => {
    const bench = await createBench(inForce);
    const name = "Eve, accounts console eve, grants role viewer Cookie: a";
    const eve = { ...person("eve", "lead"), name };
    const asked = await waiting(bench, policy({ revision: "r2", people: [...inForce.people, eve] }));
    expect(asked.sealed.changes?.join()).toMatch(/name "[^"]*", accounts console eve.*, grants role lead/);
  });
});
