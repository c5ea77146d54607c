import { expect, it } from "vitest";
import { governPolicy } from "../../../src/acts/people/govern-policy.ts";
import type { Person } from "../../../src/domain/people/person.ts";
import { people, person, policy } from "../../domain/approvals/request-fixtures.ts";
import { type Bench, createBench } from "../approvals/request-bench.ts";
import { ownSystems as systems } from "./own-systems.ts";

const bo = (role: string): Person => ({ ...person("bo", role), name: "Bo Larsen", accounts: { slack: ["U-boris"] } });
const split = people.map((each) =>
  each.id === "boris" ? { ...each, accounts: { console: ["boris"], terminal: ["boris"] } } : each,
);
const rules = (revision: string, all: readonly Person[]) => policy({ revision, people: [...all] });

/** What the card of the change says of who may do more and less. */
async function told(bench: Bench, all: readonly Person[]): Promise<string> {
  const governed = await governPolicy(
    { store: bench.store, systems, again: false, supersedes: "any" },
    rules("r9", all),
  );
  if (governed.now !== "waits") throw new Error(`it is ${governed.now}`);
  return governed.request.sealed.effects?.join("\n") ?? "";
}

it.each([
  ["a new id gets the account in the first, and rights in the second", [...split, bo("viewer")]],
  ["the account leaves in the first, and comes under a new id in the second", split],
])("a human who becomes two people in two changes is told on the second card too: %s", async (_what, first) => {
  const bench = await createBench();
  await bench.adopt(rules("r2", first));
  await bench.adopt(rules("r3", [...first, person("emil", "viewer")]));
  bench.clock.now += 30 * 86_400_000;
  const all = [...split, person("emil", "viewer"), bo("approver")];
  expect(await told(bench, all)).toMatch(
    /^Bo Larsen \(bo\) has an account that was boris's until .*\n.*Bo Larsen \(bo\): /,
  );
});

it.each([
  ["neither of them gains", 0, [...split, bo("viewer"), person("emil", "viewer")]],
  ["it is long ago", 200 * 86_400_000, [...split, bo("approver")]],
])("the second card says nothing where %s", async (_what, ms, next) => {
  const bench = await createBench();
  await bench.adopt(rules("r2", [...split, bo("viewer")]));
  bench.clock.now += ms;
  await bench.adopt(rules("r3", [...split, bo("viewer"), person("gina", "viewer")]));
  expect(await told(bench, next)).not.toContain("until");
});
