import { describe, expect, it } from "vitest";
import type { Policy } from "../../../src/domain/people/policy.ts";
import { findRequest, putRequest } from "../../../src/records/request.ts";
import { people, person, policy } from "../../domain/approvals/request-fixtures.ts";
import { type Bench, createBench } from "./request-bench.ts";

const two: Partial<Policy> = {
  tiers: [
    { id: "critical", alternatives: [[{ role: "approver", count: 2 }]], decideBy: 900_000, window: 300_000 },
    { id: "notice", alternatives: [], decideBy: 60_000, window: 60_000 },
  ],
  people: [...people, person("emil", "approver"), person("olga", "viewer", ["other"])],
};

describe("a delivery that comes again (B44)", () => {
  it("after its yes was withdrawn does not bring the yes back", async () => {
    const bench = await createBench(policy(two));
    const asked = await bench.ask("ana");
    await bench.decide("approve", "boris", asked, { invocation: "d1" });
    await bench.decide("withdraw", "boris", asked);
    await bench.decide("approve", "boris", asked, { invocation: "d1" });
    await bench.decide("approve", "emil", asked);
    expect((await bench.now(asked)).request.state).toBe("PENDING");
  });

  it("is told the same when others have decided meanwhile", async () => {
    const bench = await createBench(policy(two));
    const asked = await bench.ask("ana");
    await bench.decide("approve", "boris", asked, { invocation: "d1" });
    await bench.decide("approve", "emil", asked);
    expect((await bench.decide("approve", "boris", asked, { invocation: "d1" })).request.state).toBe("APPROVED");
  });

  it("after a refusal is refused again, also when it would be allowed by now", async () => {
    const bench = await createBench(policy(two));
    const asked = await bench.ask("ana");
    await bench.decide("approve", "boris", asked);
    const twice = () => bench.decide("approve", "boris", asked, { invocation: "d2" });
    await expect(twice()).rejects.toThrow("You have approved this already");
    await bench.decide("withdraw", "boris", asked);
    await expect(twice()).rejects.toThrow("You have approved this already");
    expect((await bench.now(asked)).request.decisions).toHaveLength(1);
  });
});

describe("rules that change while a request waits (B19, B29)", () => {
  it("end it at the next touch, and it can be asked again at once", async () => {
    const bench = await createBench();
    const first = await bench.ask("ana");
    await bench.adopt(policy({ revision: "r2" }));
    await expect(bench.decide("approve", "boris", first)).rejects.toThrow("The approval rules changed");
    expect((await bench.now(first)).request.state).toBe("INVALIDATED");
    const second = await bench.ask("ana");
    expect(second.request.id).not.toBe(first.request.id);
    expect((await bench.decide("approve", "boris", second)).request.state).toBe("APPROVED");
  });

  it("do not hold back a new asking behind one that nobody can approve", async () => {
    const bench = await createBench();
    const first = await bench.ask("ana");
    await bench.adopt(policy({ revision: "r2" }));
    const second = await bench.ask("ana");
    expect(second.request.id).not.toBe(first.request.id);
    expect((await bench.now(first)).request.state).toBe("INVALIDATED");
  });

  it("an asking finds no twin whose time is over, though nothing swept (B49)", async () => {
    const bench = await createBench();
    const first = await bench.ask("ana");
    bench.clock.now = first.sealed.decideBy;
    const second = await bench.ask("ana");
    expect(second.request.id).not.toBe(first.request.id);
    expect((await bench.now(first)).request.state).toBe("EXPIRED");
  });
});

describe("who may know of a request", () => {
  it("somebody without rights on its system learns neither its state nor who denied it", async () => {
    const bench = await createBench(policy(two));
    const asked = await bench.ask("ana");
    await bench.decide("deny", "boris", asked);
    for (const verb of ["approve", "deny", "withdraw", "cancel"] as const)
      await expect(bench.decide(verb, "olga", asked)).rejects.toThrow(/^There is no request/);
  });
});

describe("a delivery that comes again when what is recorded of deliveries has long gone", () => {
  const week = 7 * 86_400_000;
  const long: Partial<Policy> = {
    tiers: [
      {
        id: "critical",
        alternatives: [[{ role: "approver", count: 1 }], [{ role: "lead", count: 1 }]],
        decideBy: week,
        window: week,
      },
    ],
    rules: [{ tier: "critical" }],
  };

  it("gives no yes that was taken back, and takes none back that was given since", async () => {
    const bench = await createBench(policy(long));
    const asked = await bench.ask("ana");
    await bench.decide("approve", "boris", asked, { invocation: "d1" });
    await bench.decide("withdraw", "boris", asked, { invocation: "d2" });
    bench.clock.now += 25 * 3_600_000;
    expect((await bench.decide("approve", "boris", asked, { invocation: "d1" })).request.state).toBe("PENDING");
    await bench.decide("approve", "boris", asked, { invocation: "d3" });
    expect((await bench.decide("withdraw", "boris", asked, { invocation: "d2" })).request.state).toBe("APPROVED");
  });
});

describe("one name for two requests (B28)", () => {
  async function twoAlike(bench: Bench) {
    const [first, second] = [await bench.ask("ana"), await bench.ask("ana", { operation: "other" })];
    for (const { request, sealed } of [first, second])
      await bench.store.commit({
        id: `alike-${request.id}`,
        put: [{ ...putRequest(request, sealed), index: { code: "ABCDEF", open: "1" } }],
      });
  }

  it("is nobody's name", async () => {
    const bench = await createBench();
    await twoAlike(bench);
    await expect(findRequest(bench.store, "ABCDEF", () => true)).rejects.toThrow("more than one open request");
    await expect(findRequest(bench.store, "abcd", () => true)).rejects.toThrow("more than one open request");
  });

  it("tells nothing to those who may know of neither", async () => {
    const bench = await createBench(policy(two));
    await twoAlike(bench);
    const { request } = await bench.ask("ana", { operation: "third" });
    const named = { request: { ...request, id: "ABCDEF" } };
    await expect(bench.decide("deny", "olga", named)).rejects.toThrow(/^There is no request ABCDEF\./);
    await expect(bench.decide("deny", "boris", named)).rejects.toThrow("more than one open request");
  });
});

describe("a role that holds in one channel only", () => {
  it("fills no slot from another channel, though another role may approve there", async () => {
    const boris = {
      ...person("boris", "reviewer"),
      grants: [
        { role: "reviewer", systems: "*" as const },
        { role: "approver", systems: "*" as const, channels: ["trading"] },
      ],
    };
    const rules = policy({
      people: people.map((each) => (each.id === "boris" ? boris : each)),
      roles: [...policy().roles, { id: "reviewer", may: ["read", "approve"] }],
    });
    const bench = await createBench(rules);
    const asked = await bench.ask("ana");
    await expect(bench.decide("approve", "boris", asked, { channel: "ops" })).rejects.toThrow("may not decide");
    expect((await bench.decide("approve", "boris", asked, { channel: "trading" })).request.state).toBe("APPROVED");
  });

  it("is not lent to an earlier yes that was given through another role", async () => {
    const boris = {
      ...person("boris", "lead"),
      grants: [
        { role: "lead", systems: "*" as const },
        { role: "approver", systems: "*" as const, channels: ["trading"] },
      ],
    };
    const slots = [
      { role: "approver", count: 1 },
      { role: "lead", count: 1 },
    ];
    const bench = await createBench(
      policy({
        people: people.map((each) => (each.id === "boris" ? boris : each)),
        tiers: [{ id: "critical", alternatives: [slots], decideBy: 900_000, window: 300_000 }],
        rules: [{ tier: "critical" }],
      }),
    );
    const asked = await bench.ask("ana");
    await bench.decide("approve", "boris", asked, { channel: "ops" });
    expect((await bench.decide("approve", "chen", asked)).request.state).toBe("PENDING");
  });
});
