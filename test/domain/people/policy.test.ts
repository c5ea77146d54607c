import { describe, expect, it } from "vitest";
import type { Place } from "../../../src/domain/messages/place.ts";
import type { Permission, Person } from "../../../src/domain/people/person.ts";
import {
  type AccessQuestion,
  type Channel,
  channelAt,
  decide,
  everySystem,
  holdsRole,
  type Policy,
  type Refusal,
  strangerRefusal,
  type Tier,
  type TierRule,
  tierOf,
  withGroups,
} from "../../../src/domain/people/policy.ts";

type Grants = Person["grants"];

function somebody(...grants: Grants): Person {
  return { id: "ana", name: "Ana", accounts: { slack: ["U1"] }, grants };
}

function channel(id: string, changes: Partial<Channel> = {}): Channel {
  const open = { systems: "*" as const, allow: ["read", "ask"] as Channel["allow"], requests: false, operator: false };
  return { id, surface: "slack", channel: `C-${id}`, ...open, ...changes };
}

const notice: Tier = { id: "notice", alternatives: [], decideBy: 60_000, window: 60_000 };
const critical: Tier = { ...notice, id: "critical", alternatives: [[{ role: "approver", count: 2 }]] };

function policy(changes: Partial<Policy> = {}): Policy {
  return {
    revision: "r1",
    people: [],
    roles: [
      { id: "viewer", may: ["read"] },
      { id: "operator", may: ["read", "ask"] },
      { id: "approver", may: ["approve"] },
    ],
    groups: [],
    channels: [
      channel("ops"),
      channel("desk", { allow: ["read"] }),
      channel("trading", { systems: ["trader"] }),
      channel("elsewhere", { surface: "discord" }),
    ],
    direct: { allow: ["read"] },
    tiers: [notice, critical],
    rules: [],
    ...changes,
  };
}

const at = (id: string): Place => ({ surface: "slack", channel: `C-${id}` });
const direct: Place = { surface: "slack", channel: "D1", direct: true };
const operator = somebody({ role: "operator", systems: "*" });
const ofTrader = somebody({ role: "operator", systems: ["trader"] });
const onlyInOps = somebody({ role: "operator", systems: "*", channels: ["ops"] });
const onlyInTwo = somebody({ role: "operator", systems: "*", channels: ["desk", "trading"] });

function asks(
  person: Person | undefined,
  permission: Permission,
  system: string | undefined,
  place: Place,
): AccessQuestion {
  return { person, permission, place, ...(system !== undefined && { system }) };
}

describe("who may do what where", () => {
  it.each<[string, AccessQuestion]>([
    ["a role gives it, for every system", asks(operator, "ask", "guard", at("ops"))],
    ["a role gives it, for this system", asks(ofTrader, "ask", "trader", at("ops"))],
    ["it concerns no system", asks(ofTrader, "read", undefined, at("ops"))],
    ["the channel serves this system", asks(operator, "ask", "trader", at("trading"))],
    ["it concerns no system, in a channel that serves some", asks(operator, "read", undefined, at("trading"))],
    ["the right holds in this channel", asks(onlyInOps, "ask", "guard", at("ops"))],
    ["the right holds in this channel among others", asks(onlyInTwo, "ask", "trader", at("trading"))],
    [
      "one of several grants is enough",
      asks(
        somebody({ role: "viewer", systems: "*" }, { role: "operator", systems: ["guard"] }),
        "ask",
        "guard",
        at("ops"),
      ),
    ],
    ["a role gives it, for every system, and it is about all of them", asks(operator, "read", everySystem, at("ops"))],
    ["it is allowed between two", asks(operator, "read", "guard", direct)],
  ])("allowed: %s", (_why, question) => {
    expect(decide(question, policy())).toEqual({ allowed: true });
  });

  it.each<[Refusal["code"], string, AccessQuestion]>([
    ["stranger", "nobody known", asks(undefined, "read", undefined, at("ops"))],
    ["stranger", "nobody known, where the bot does not work", asks(undefined, "read", undefined, at("nowhere"))],
    ["channel-closed", "a channel that is not listed", asks(operator, "read", "guard", at("nowhere"))],
    [
      "channel-closed",
      "the id of a listed channel on another surface",
      asks(operator, "read", "guard", { surface: "discord", channel: "C-ops" }),
    ],
    ["channel-permission", "a channel for reading only", asks(operator, "ask", "guard", at("desk"))],
    ["channel-permission", "not between two", asks(operator, "ask", "guard", direct)],
    ["channel-system", "a channel of other systems", asks(operator, "ask", "guard", at("trading"))],
    ["no-grant", "a grant for one system, asked about all of them", asks(ofTrader, "read", everySystem, at("ops"))],
    [
      "channel-system",
      "a channel of some systems, asked about all of them",
      asks(operator, "read", everySystem, at("trading")),
    ],
    ["no-grant", "no grant at all", asks(somebody(), "read", "guard", at("ops"))],
    ["no-grant", "no role gives it", asks(somebody({ role: "viewer", systems: "*" }), "ask", "guard", at("ops"))],
    ["no-grant", "a grant for another system", asks(ofTrader, "ask", "guard", at("ops"))],
    [
      "no-grant",
      "a role that is not among the roles",
      asks(somebody({ role: "gone", systems: "*" }), "read", "guard", at("ops")),
    ],
    ["grant-channel", "a grant for other channels", asks(onlyInTwo, "ask", "guard", at("ops"))],
    ["grant-channel", "a grant for some channels, between two", asks(onlyInOps, "read", "guard", direct)],
    [
      "grant-channel",
      "a grant for some channels, between two under the id of one of them",
      asks(onlyInOps, "read", "guard", { ...at("ops"), direct: true }),
    ],
    [
      "grant-channel",
      "a grant for some channels, about no system, between two",
      asks(onlyInOps, "read", undefined, direct),
    ],
  ])("refused as %s: %s", (code, _why, question) => {
    expect(decide(question, policy())).toMatchObject({ allowed: false, code });
  });

  it("empty means nobody: no roles, no channels, nothing allowed between two", () => {
    const question = { person: operator, permission: "read", place: at("ops") } as const;
    expect(decide(question, policy({ roles: [] }))).toMatchObject({ code: "no-grant" });
    expect(decide(question, policy({ channels: [] }))).toMatchObject({ code: "channel-closed" });
    expect(decide({ ...question, place: direct }, policy({ direct: { allow: [] } }))).toMatchObject({
      code: "channel-permission",
    });
  });
});

describe("the words of a refusal", () => {
  const refusal = (person: Person, permission: Permission, place: Place, changes: Partial<Policy> = {}) =>
    decide({ person, permission, system: "guard", place }, policy(changes));

  it("name the channels that allow it, so many and no more", () => {
    expect(refusal(operator, "ask", at("desk"))).toMatchObject({
      why: "The channel desk does not allow ask.",
      remedy: "Ask in a channel that allows it: ops, trading, elsewhere.",
    });
    expect(refusal(operator, "ask", direct)).toMatchObject({ why: "Direct messages do not allow ask." });
    expect(refusal(operator, "audit", at("ops"))).toMatchObject({
      remedy: "Ask in a channel that allows it: none is configured.",
    });
    const channels = [channel("desk", { allow: ["read"] }), ...Array.from({ length: 9 }, (_, n) => channel(`c${n}`))];
    expect(refusal(operator, "ask", at("desk"), { channels })).toMatchObject({
      remedy: "Ask in a channel that allows it: c0, c1, c2, c3, c4, c5, c6, c7 and 1 more.",
    });
  });

  it("name the roles that it takes, and for which system", () => {
    expect(refusal(somebody(), "read", at("ops"))).toMatchObject({
      why: "Ana may not read on guard.",
      remedy: "It takes the role viewer or operator for guard.",
    });
    expect(decide({ person: somebody(), permission: "ask", place: at("ops") }, policy())).toMatchObject({
      why: "Ana may not ask.",
      remedy: "It takes the role operator.",
    });
    expect(refusal(somebody(), "read", at("ops"), { roles: [] })).toMatchObject({
      remedy: "No role gives that permission.",
    });
  });

  it("name all systems as what they are", () => {
    const question = { permission: "read", system: everySystem } as const;
    expect(decide({ person: ofTrader, place: at("ops"), ...question }, policy())).toMatchObject({
      why: "Ana may not read on every system.",
    });
    expect(decide({ person: operator, place: at("trading"), ...question }, policy())).toMatchObject({
      why: "The channel trading does not serve every system.",
    });
  });

  it("name the channels that a right holds in", () => {
    expect(refusal(onlyInTwo, "ask", at("ops"))).toMatchObject({
      why: "Your right to ask holds only in desk, trading.",
      remedy: "Ask again in one of those channels.",
    });
  });

  it("say what a stranger's surface is called, where that is known", () => {
    expect(strangerRefusal("Slack").why).toBe("Your Slack account belongs to nobody Wardroom knows.");
    expect(strangerRefusal().why).toBe("This account belongs to nobody Wardroom knows.");
  });
});

describe("a role held for an approval", () => {
  const claim = { role: "operator", permission: "ask", system: "trader", where: { channel: "ops" } } as const;
  it.each<[boolean, string, Person, Partial<Parameters<typeof holdsRole>[1]>]>([
    [true, "for every system, in every channel", operator, {}],
    [true, "for this system", ofTrader, {}],
    [false, "for another system", ofTrader, { system: "guard" }],
    [false, "another role", operator, { role: "viewer" }],
    [false, "a permission that the role does not give", operator, { permission: "approve" }],
    [true, "in this channel", onlyInOps, {}],
    [false, "in other channels", onlyInTwo, {}],
    [true, "in other channels, asked for anywhere", onlyInTwo, { where: "anywhere" }],
    [false, "in some channels, between two", onlyInOps, { where: { channel: undefined } }],
    [true, "in every channel, between two", operator, { where: { channel: undefined } }],
  ])("%s: %s", (holds, _what, person, changes) => {
    expect(holdsRole(person, { ...claim, ...changes }, policy())).toBe(holds);
  });

  it("a role whose permissions were taken away is held for nothing", () => {
    expect(holdsRole(operator, claim, policy({ roles: [] }))).toBe(false);
  });
});

it.each<[string | undefined, string, Place]>([
  ["ops", "a configured channel", at("ops")],
  [undefined, "a channel that is not configured", at("nowhere")],
  [undefined, "another surface's", { surface: "discord", channel: "C-ops" }],
  [undefined, "between two", { ...at("ops"), direct: true }],
])("the channel of a place is %s: %s", (id, _what, place) => {
  expect(channelAt(place, policy())).toBe(id);
});

describe("the tier of an operation", () => {
  const operation = { risk: "destructive", direction: "reduces", system: "trader", operation: "flatten" } as const;
  it.each<[string | undefined, string, readonly TierRule[]]>([
    [undefined, "no rule at all", []],
    [undefined, "no rule that matches", [{ risk: "change", tier: "notice" }]],
    [undefined, "a tier that is not there", [{ tier: "gone" }]],
    ["critical", "a rule without conditions", [{ tier: "critical" }]],
    ["critical", "its risk", [{ risk: "destructive", tier: "critical" }]],
    ["critical", "its direction", [{ direction: "reduces", tier: "critical" }]],
    ["critical", "its system", [{ system: "trader", tier: "critical" }]],
    ["critical", "its name", [{ operation: "flatten", tier: "critical" }]],
    ["critical", "all of them", [{ ...operation, tier: "critical" }]],
    ["notice", "the first of two", [{ risk: "destructive", tier: "notice" }, { tier: "critical" }]],
    [
      "critical",
      "the first that matches in everything",
      [
        { risk: "destructive", system: "guard", tier: "notice" },
        { direction: "increases", tier: "notice" },
        { operation: "restart", tier: "notice" },
        { tier: "critical" },
      ],
    ],
  ])("is %s by %s", (id, _why, rules) => {
    expect(tierOf(operation, policy({ rules }))?.id).toBe(id);
  });
});

describe("roles that groups give", () => {
  const groups = [
    { surface: "slack", group: "S1", role: "operator", systems: ["trader"] },
    { surface: "discord", group: "S1", role: "approver", systems: "*" as const },
    { surface: "slack", group: "S2", role: "viewer", systems: "*" as const, channels: ["ops"] },
  ];
  it.each<[Grants, string, { surface: string; groups: readonly string[] }]>([
    [[], "in no group", { surface: "slack", groups: [] }],
    [[], "in a group that gives none", { surface: "slack", groups: ["S9"] }],
    [[{ role: "operator", systems: ["trader"] }], "in one", { surface: "slack", groups: ["S1"] }],
    [
      [{ role: "approver", systems: "*" }],
      "in another platform's group of the same id",
      { surface: "discord", groups: ["S1"] },
    ],
    [
      [
        { role: "operator", systems: ["trader"] },
        { role: "viewer", systems: "*", channels: ["ops"] },
      ],
      "in two, with the channels that one is for",
      { surface: "slack", groups: ["S1", "S2"] },
    ],
  ])("are %j: %s", (given, _what, acting) => {
    const own: Grants = [{ role: "viewer", systems: ["guard"] }];
    expect(withGroups(somebody(...own), acting, policy({ groups })).grants).toEqual([...own, ...given]);
  });
});
