import type { Request, Sealed } from "../../../src/domain/approvals/request.ts";
import type { Person } from "../../../src/domain/people/person.ts";
import type { Policy } from "../../../src/domain/people/policy.ts";
import type { Operation } from "../../../src/domain/systems/operation.ts";
import { OperationFile, planner } from "../../fakes/backends.ts";

export function person(id: string, role: string, systems: "*" | string[] = "*"): Person {
  return { id, name: id, accounts: { console: [id], terminal: [id], slack: [`U-${id}`] }, grants: [{ role, systems }] };
}

export const people: Person[] = [
  person("ana", "operator"),
  person("boris", "approver"),
  person("chen", "lead"),
  person("dana", "viewer"),
];

export function policy(changes: Partial<Policy> = {}): Policy {
  return {
    revision: "r1",
    people,
    roles: [
      { id: "viewer", may: ["read"] },
      { id: "operator", may: ["read", "ask"] },
      { id: "approver", may: ["read", "approve"] },
      { id: "lead", may: ["read", "ask", "approve", "stop", "audit"] },
    ],
    channels: [
      {
        id: "ops",
        surface: "console",
        channel: "ops",
        systems: "*",
        allow: ["read", "ask", "approve", "audit"],
        requests: true,
        operator: false,
      },
      {
        id: "quiet",
        surface: "console",
        channel: "quiet",
        systems: "*",
        allow: ["read"],
        requests: false,
        operator: false,
      },
      {
        id: "trading",
        surface: "console",
        channel: "trading",
        systems: ["alphapulse"],
        allow: ["read", "ask", "approve"],
        requests: true,
        operator: false,
      },
    ],
    groups: [],
    direct: { allow: ["read"] },
    tiers: [
      { id: "notice", alternatives: [], decideBy: 60_000, window: 60_000 },
      {
        id: "critical",
        alternatives: [[{ role: "approver", count: 1 }], [{ role: "lead", count: 1 }]],
        decideBy: 900_000,
        window: 300_000,
      },
    ],
    rules: [
      { risk: "destructive", tier: "critical" },
      { risk: "change", tier: "notice" },
    ],
    ...changes,
  };
}

export const flatten: Operation = OperationFile.parse({
  summary: "Close every open position",
  risk: "destructive",
  direction: "reduces",
  short: true,
  precondition: { positions: { growth: 0.05 } },
  steps: [
    {
      id: "flatten",
      title: "Send the order to close everything",
      http: { method: "POST", url: "http://127.0.0.1:1/flatten_positions" },
    },
  ],
  verify: [
    {
      id: "flat",
      title: "Read the positions empty",
      watch: {
        json: { url: "http://127.0.0.1:1/metrics", path: "/portfolio/positions" },
        is: "value == []",
        times: 2,
        every: "1s",
        within: "30s",
      },
    },
  ],
});

export const flattenPlan = planner.plan(flatten, {});

export function sealed(changes: Partial<Sealed> = {}): Sealed {
  return {
    id: "request-1",
    system: "alphapulse",
    systemTitle: "AlphaPulse-RL",
    operation: "flatten",
    risk: "destructive",
    direction: "reduces",
    permission: "ask",
    arguments: {},
    plan: flattenPlan,
    readings: [],
    requester: { person: "ana", name: "ana", account: "console:ana" },
    policy: {
      revision: "r1",
      tier: "critical",
      alternatives: [[{ role: "approver", count: 1 }], [{ role: "lead", count: 1 }]],
    },
    decideBy: 900_000,
    windowMs: 300_000,
    ...changes,
  };
}

export function request(changes: Partial<Request> = {}): Request {
  return {
    id: "request-1",
    code: "ABCDEF",
    digest: "abcdef0123",
    sealed: "{}",
    twin: "twin",
    reason: "the exchange is halting",
    origin: { surface: "console", channel: "ops" },
    openedAt: 0,
    copies: [],
    buttons: { approve: "b1", deny: "b2", withdraw: "b3", cancel: "b4" },
    storeEpoch: "e1",
    state: "PENDING",
    stateAt: 0,
    why: "",
    decisions: [],
    ...changes,
  };
}
