import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { demoVariables } from "../../demo/variables.ts";
import { knownSurfaces } from "../../src/compose/known-surfaces.ts";
import { type Config, loadConfig } from "../../src/config/load-config.ts";
import { formatProblem } from "../../src/config/problem.ts";
import { fillSlots } from "../../src/domain/approvals/quorum.ts";
import { type Person, personOf } from "../../src/domain/people/person.ts";
import { decide, holdsRole, type Policy, tierOf } from "../../src/domain/people/policy.ts";
import { backends } from "../fakes/backends.ts";

async function loaded(): ReturnType<typeof loadConfig> {
  const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const place = { backends, surfaces: knownSurfaces, folder: at("demo/config"), systemFolders: [at("systems")] };
  return loadConfig(place, { variables: demoVariables, unset: "refuse" });
}

async function demo(): Promise<Config> {
  const result = await loaded();
  if ("config" in result) return result.config;
  throw new Error(result.problems.map(formatProblem).join("\n"));
}

function named(id: string, { people }: Policy): Person {
  const found = people.find((each) => each.id === id);
  if (!found) throw new Error(`the demo has no ${id}`);
  return found;
}

it("warns of nothing, so that a warning at a start is one of somebody's own files", async () => {
  const result = await loaded();
  const warnings = "config" in result ? result.warnings : result.problems;
  // The demo's own folders are made when it starts.
  expect(warnings.filter(({ message }) => !message.endsWith(" is not there"))).toEqual([]);
});

it("names an operation that is no command of its own as it is typed, with run", async () => {
  const { systems } = await demo();
  for (const { id, operations } of systems) {
    const long = Object.keys(operations).filter((name) => !operations[name]?.short);
    const bare = new RegExp(`(?<!run ${id} )(?<![\\w-])(?:${long.join("|")}) ${id}(?![\\w-])`);
    expect(JSON.stringify(operations), id).not.toMatch(bare);
  }
});

it("gives everything destructive a tier that one other approver or lead satisfies", async () => {
  const { policy, systems } = await demo();
  const destructive = systems.flatMap(({ id, operations }) =>
    Object.entries(operations)
      .filter(([, operation]) => operation.risk === "destructive")
      .map(([operation, { risk, direction }]) => ({ system: id, operation, risk, direction })),
  );
  expect(destructive.length).toBeGreaterThan(0);
  for (const each of destructive) {
    const tier = tierOf(each, policy);
    const satisfying = policy.people.filter((person) => {
      const roles = policy.roles
        .map((role) => role.id)
        .filter((role) =>
          holdsRole(person, { role, permission: "approve", system: each.system, where: "anywhere" }, policy),
        );
      return tier?.alternatives.some((slots) => fillSlots(slots, [{ id: person.id, roles }]));
    });
    expect(satisfying.map((person) => person.id)).toEqual(["boris", "chen"]);
  }
});

it("reads back whatever undoes something, so that what stopped half-way is over once it was undone", async () => {
  const { systems } = await demo();
  const unread = systems.flatMap(({ id, operations }) =>
    Object.values(operations).flatMap(({ inverse }) =>
      inverse !== undefined && operations[inverse.operation]?.verify.length === 0 ? [`${id} ${inverse.operation}`] : [],
    ),
  );
  expect(unread).toEqual([]);
});

it("knows Ana's phone as Ana, and gives every person an account on the console and the terminal", async () => {
  const { policy } = await demo();
  expect(personOf({ surface: "console", id: "ana-phone" }, policy.people)?.id).toBe("ana");
  for (const { id } of policy.people) {
    expect(personOf({ surface: "console", id }, policy.people)?.id).toBe(id);
    expect(personOf({ surface: "terminal", id }, policy.people)?.id).toBe(id);
  }
});

it.each([
  { person: "ana", permission: "ask", channel: "ops", allowed: true },
  { person: "ana", permission: "approve", channel: "ops", allowed: false },
  { person: "boris", permission: "approve", channel: "approvals", allowed: true },
  { person: "boris", permission: "ask", channel: "ops", allowed: false },
  { person: "chen", permission: "stop", channel: "trading", allowed: true },
  { person: "chen", permission: "stop", channel: "quiet", allowed: false },
  { person: "dana", permission: "read", channel: "quiet", allowed: true },
  { person: "dana", permission: "ask", channel: "ops", allowed: false },
] as const)("$person may $permission in $channel: $allowed", async ({ person, permission, channel, allowed }) => {
  const { policy } = await demo();
  const question = {
    person: named(person, policy),
    permission,
    system: "alphapulse",
    place: { surface: "console", channel },
  } as const;
  expect(decide(question, policy).allowed).toBe(allowed);
});

it("serves AlphaPulse alone in its channel", async () => {
  const { policy } = await demo();
  const chen = named("chen", policy);
  const place = { surface: "console", channel: "trading" } as const;
  const verdict = decide({ person: chen, permission: "read", system: "pulseguard", place }, policy);
  expect(verdict).toMatchObject({ allowed: false, code: "channel-system" });
});

it("has the cluster proven before every program that is given its kubeconfig to change something with", async () => {
  const { systems } = await demo();
  const given = systems.flatMap(({ id, operations }) =>
    Object.entries(operations).flatMap(([name, { steps }]) =>
      steps
        .filter((step) => JSON.stringify(step).includes('"KUBECONFIG"'))
        .map((step) => ({ of: `${id} ${name} ${step.id}`, isProven: step.through?.includes("k8s") })),
    ),
  );
  expect(given.map(({ of }) => of)).toContain("prsm stage staging");
  expect(given.filter(({ isProven }) => isProven !== true)).toEqual([]);
});
