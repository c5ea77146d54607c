import { describe, expect, it } from "vitest";
import { ruleOnDecision } from "../../../src/domain/approvals/decision.ts";
import {
  approve,
  cancel,
  claim,
  deny,
  expire,
  invalidate,
  quorumReached,
  type Ruling,
  withdraw,
} from "../../../src/domain/approvals/request-rules.ts";
import { whoCouldApprove } from "../../../src/domain/approvals/who-could.ts";
import type { Grant } from "../../../src/domain/people/person.ts";
import type { Policy } from "../../../src/domain/people/policy.ts";
import { people, person, policy, request, sealed } from "./request-fixtures.ts";

const voter = (id: string, now = 10) => {
  const found = people.find((each) => each.id === id);
  if (!found) throw new Error(id);
  return {
    person: found,
    channel: "ops",
    account: `console:${id}`,
    now,
    policy: policy(),
  };
};
const yes = { digest: "abcdef0123" };

const yesOf = (id: string) => ({
  person: id,
  name: id,
  account: `console:${id}`,
  channel: "ops",
  verdict: "approve" as const,
  digest: yes.digest,
  at: 5,
});

function became(ruling: Ruling) {
  if (!ruling.ok) throw new Error(`refused: ${ruling.why}`);
  return ruling.request;
}

function code(ruling: Ruling): string {
  return ruling.ok ? `allowed, ${ruling.request.state}` : ruling.code;
}

describe("a yes that takes a name", () => {
  const named = sealed();
  const restore = sealed({ plan: { ...named.plan, typedName: "overlay-chrono" } });
  const given = (name?: string) => ({ ...voter("boris"), ...yes, ...(name !== undefined && { name }) });

  it.each([undefined, "", "  ", "overlay", "overlay-chrono 2", "alphapulse"])("is none with %j", (name) => {
    expect(code(approve(request(), restore, given(name)))).toBe("unnamed");
  });

  it.each(["overlay-chrono", " Overlay-Chrono "])("counts with %j", (name) => {
    expect(code(approve(request(), restore, given(name)))).toBe("allowed, APPROVED");
  });

  it("says what was typed, that nothing was decided, and how it is typed", () => {
    expect(approve(request(), restore, given("prsm"))).toMatchObject({
      why: '"prsm" is not what it is done to. Nothing was decided. To say yes, type the name of what it is done to: confirm approve ABCDEF name:overlay-chrono',
    });
    const spaced = sealed({ plan: { ...named.plan, typedName: 'the "old" one' } });
    expect(approve(request(), spaced, given())).toMatchObject({
      why: 'Nothing was decided. To say yes, type the name of what it is done to: confirm approve ABCDEF name:"the \\"old\\" one"',
    });
  });

  it("is not told to whoever may not say it", () => {
    expect(code(approve(request(), restore, { ...voter("ana"), ...yes }))).toBe("self");
  });

  it("is denied without one", () => {
    expect(code(deny(request(), restore, voter("boris")))).toBe("allowed, DENIED");
  });
});

describe("who may say yes", () => {
  it("is somebody else with an approving role", () => {
    const approved = became(approve(request(), sealed(), { ...voter("boris"), ...yes }));
    expect(approved).toMatchObject({ state: "APPROVED", executeBy: 10 + 300_000, why: "Approved by boris." });
  });

  it("is never the requester, who may hold every role", () => {
    const asker = sealed({ requester: { person: "chen", name: "chen", account: "console:chen" } });
    expect(code(approve(request(), asker, { ...voter("chen"), ...yes }))).toBe("self");
    expect(code(deny(request(), asker, voter("chen")))).toBe("self");
  });

  it.each([undefined, "", " \n ", "flat", "it is", ". . . . . .", "…………………"])(
    "of a settlement is nobody who does not say what they saw: %j",
    (seen) => {
      const settlement = sealed({ system: "wardroom", operation: "settle", concerns: "alphapulse" });
      const blind = { ...voter("boris"), ...yes, ...(seen !== undefined && { seen }) };
      expect(approve(request(), settlement, blind)).toMatchObject({
        code: "unseen",
        why: 'Say what you saw yourself, in at least 5 letters or digits: confirm approve ABCDEF seen:"where you looked, and what it said".',
      });
      const saw = { ...voter("boris"), ...yes, seen: "the page is flat" };
      expect(code(approve(request(), settlement, saw))).toBe("allowed, APPROVED");
    },
  );

  it("is nobody without the role, and nobody with it for another system", () => {
    expect(code(approve(request(), sealed(), { ...voter("dana"), ...yes }))).toBe("not-eligible");
    const elsewhere = person("erik", "approver", ["pulseguard"]);
    const rules = policy({ people: [...people, elsewhere] });
    expect(
      code(
        approve(request(), sealed(), {
          person: elsewhere,
          channel: "ops",
          account: "console:erik",
          now: 10,
          policy: rules,
          ...yes,
        }),
      ),
    ).toBe("not-eligible");
  });

  it("is not moved by a role that only bears the name", () => {
    const rules = policy({
      roles: policy().roles.map((role) => (role.id === "approver" ? { ...role, may: ["read"] } : role)),
    });
    expect(code(approve(request(), sealed(), { ...voter("boris"), policy: rules, ...yes }))).toBe("not-eligible");
  });
});

describe("what a yes counts for", () => {
  it("is one digest: another, or the code of another, is refused", () => {
    expect(code(approve(request(), sealed(), { ...voter("boris"), digest: "abcdef9999" }))).toBe("digest");
    expect(code(approve(request(), sealed(), { ...voter("boris"), digest: "abcdef" }))).toBe("allowed, APPROVED");
  });

  it("is the rules it was asked under", () => {
    expect(code(approve(request(), sealed(), { ...voter("boris"), policy: policy({ revision: "r2" }), ...yes }))).toBe(
      "policy-changed",
    );
  });

  it("is one person once: two of one person's accounts do not make two", () => {
    const two = sealed({
      policy: { revision: "r1", tier: "critical", alternatives: [[{ role: "approver", count: 2 }]] },
    });
    const once = became(approve(request(), two, { ...voter("boris"), ...yes }));
    expect(once.state).toBe("PENDING");
    expect(code(approve(once, two, { ...voter("boris"), channel: "ops", account: "slack:U1", ...yes }))).toBe(
      "already-decided",
    );
  });

  it("is over when the time is, whether or not anything swept", () => {
    expect(code(approve(request(), sealed(), { ...voter("boris", 900_000), ...yes }))).toBe("expired");
    expect(expire(request(), sealed(), 899_999)).toBeUndefined();
    expect(expire(request(), sealed(), 900_000)?.state).toBe("EXPIRED");
  });
});

describe("until the claim", () => {
  const approved = became(approve(request(), sealed(), { ...voter("boris"), ...yes }));
  const by = { now: 20, policy: policy(), owner: "w1", leaseMs: 5_000, lock: undefined, storeEpoch: "e1" };

  it("a no stops what was approved", () => {
    expect(became(deny(approved, sealed(), voter("chen"))).state).toBe("DENIED");
  });

  it("a yes can be taken back and leaves nothing approved", () => {
    const back = became(withdraw(approved, sealed(), voter("boris")));
    expect(back.state).toBe("PENDING");
    expect(back.executeBy).toBeUndefined();
    expect(quorumReached(back, sealed(), policy())).toBe(false);
    expect(code(withdraw(back, sealed(), voter("boris")))).toBe("nothing-to-withdraw");
  });

  it("what destroys something is approved by no tier that asks nobody", () => {
    const unasked = { policy: { revision: "r1", tier: "notice", alternatives: [] } };
    expect(quorumReached(request(), sealed(unasked), policy())).toBe(false);
    expect(quorumReached(request(), sealed({ ...unasked, risk: "change" }), policy())).toBe(true);
    expect(code(claim(approved, sealed(unasked), by))).toBe("quorum");
  });

  it("only the requester takes the request back", () => {
    expect(code(cancel(approved, sealed(), voter("boris")))).toBe("not-yours");
    expect(became(cancel(approved, sealed(), voter("ana"))).state).toBe("CANCELLED");
  });

  it("the claim checks everything again", () => {
    expect(code(claim(approved, sealed(), by))).toBe("allowed, EXECUTING");
    expect(code(claim(request(), sealed(), by))).toBe("closed");
    expect(code(claim(approved, sealed(), { ...by, now: 300_010 }))).toBe("expired");
    expect(code(claim(approved, sealed(), { ...by, storeEpoch: "e2" }))).toBe("epoch");
    expect(code(claim(approved, sealed(), { ...by, policy: policy({ revision: "r2" }) }))).toBe("policy-changed");
    expect(
      code(claim(approved, sealed(), { ...by, lock: { holders: [{ request: "other", targets: [] }], fence: 3 } })),
    ).toBe("locked");
    const withoutBoris = policy({ people: people.filter((each) => each.id !== "boris") });
    expect(code(claim(approved, sealed(), { ...by, policy: withoutBoris }))).toBe("quorum");
    const withoutAna = policy({ people: people.filter((each) => each.id !== "ana") });
    expect(code(claim(approved, sealed(), { ...by, policy: withoutAna }))).toBe("requester");
  });

  it("takes the fence past every owner the target has had", () => {
    const running = claim(approved, sealed(), { ...by, lock: { holders: [], fence: 7 } });
    expect(running.ok && running.run).toMatchObject({ fence: 8, owner: "w1", leaseUntil: 5_020 });
  });

  it("a request that is over stays over", () => {
    const over = became(deny(request(), sealed(), voter("boris")));
    for (const ruling of [
      approve(over, sealed(), { ...voter("boris"), ...yes }),
      deny(over, sealed(), voter("chen")),
      withdraw(over, sealed(), voter("boris")),
      cancel(over, sealed(), voter("ana")),
      invalidate(over, "", 1),
      claim(over, sealed(), by),
    ]) {
      expect(code(ruling)).toBe("closed");
    }
  });
});

it("says of everyone whether they could approve, and why not", () => {
  const words = Object.fromEntries(
    whoCouldApprove(request(), sealed(), policy()).map((each) => [each.person.id, each.why]),
  );
  expect(words).toEqual({
    ana: "asked for it",
    boris: "as approver",
    chen: "as lead",
    dana: "holds no approving role for alphapulse",
  });
});

describe("what spans several systems", () => {
  const rules = (grants: Grant[], changes: Partial<Policy> = {}): Policy => {
    const zoe = { ...person("zoe", "viewer", []), grants };
    return policy({ people: [...people, zoe], ...changes });
  };
  const wide = sealed({ system: "wardroom", systemTitle: "Wardroom", spans: ["logos", "prsm"] });
  const said = (verb: "approve" | "deny", grants: Grant[], of = wide, place = "ops") => {
    const inForce = rules(grants, {
      channels: policy().channels.map((each) => (each.id === "trading" ? { ...each, systems: ["logos"] } : each)),
    });
    const zoe = inForce.people.find(({ id }) => id === "zoe");
    const ballot = { verb, person: zoe, account: "console:zoe", place: { surface: "console", channel: place }, ...yes };
    return code(
      ruleOnDecision(ballot, { request: request(), sealed: of, run: undefined }, { now: 10, policy: inForce }),
    );
  };

  it.each<[string, Grant[], string]>([
    ["Wardroom itself", [{ role: "approver", systems: ["wardroom"] }], "allowed, "],
    ["every system", [{ role: "approver", systems: "*" }], "allowed, "],
    ["each that it touches", [{ role: "approver", systems: ["prsm", "logos"] }], "allowed, "],
    [
      "each that it touches, by two grants",
      [
        { role: "approver", systems: ["logos"] },
        { role: "approver", systems: ["prsm"] },
      ],
      "allowed, ",
    ],
    [
      "each in another role, of which neither is held on both",
      [
        { role: "approver", systems: ["logos"] },
        { role: "lead", systems: ["prsm"] },
      ],
      "not-eligible",
    ],
    ["one of them", [{ role: "approver", systems: ["logos"] }], "not-eligible"],
    ["one of them and others", [{ role: "approver", systems: ["logos", "alphapulse", "market"] }], "not-eligible"],
    ["each, to read there", [{ role: "operator", systems: ["prsm", "logos"] }], "not-eligible"],
    [
      "each, in one channel that is not this one",
      [{ role: "approver", systems: ["prsm", "logos"], channels: ["trading"] }],
      "not-eligible",
    ],
    ["none", [], "not-eligible"],
  ])("is decided by whoever has the right on %s: %j", (_whom, grants, outcome) => {
    expect(said("approve", grants)).toBe(outcome === "allowed, " ? "allowed, APPROVED" : outcome);
    expect(said("deny", grants)).toBe(outcome === "allowed, " ? "allowed, DENIED" : outcome);
  });

  it("is decided where all of them are served, and what may touch any by those of Wardroom alone", () => {
    const each: Grant[] = [{ role: "approver", systems: ["prsm", "logos"] }];
    expect(said("approve", each, wide, "trading")).toBe("not-eligible");
    expect(said("approve", each, sealed({ system: "wardroom" }))).toBe("not-eligible");
    const could = (of: typeof wide) =>
      whoCouldApprove(request(), of, rules(each)).find((one) => one.person.id === "zoe");
    expect(could(wide)).toMatchObject({ can: true, why: "as approver" });
    expect(could(sealed({ system: "wardroom", spans: ["logos", "market"] }))).toMatchObject({
      can: false,
      why: "holds no approving role for wardroom, or on each of logos, market",
    });
  });

  it("loses a yes whose right on one of them is gone", () => {
    const given = { ...request(), decisions: [yesOf("zoe")] };
    expect(quorumReached(given, wide, rules([{ role: "approver", systems: ["prsm", "logos"] }]))).toBe(true);
    expect(quorumReached(given, wide, rules([{ role: "approver", systems: ["prsm"] }]))).toBe(false);
  });
});
