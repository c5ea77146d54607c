import { expect, it } from "vitest";
import { claimLink } from "../../../src/acts/people/claim-link.ts";
import { confirmLink } from "../../../src/acts/people/confirm-link.ts";
import { governPolicy } from "../../../src/acts/people/govern-policy.ts";
import { offerLink } from "../../../src/acts/people/offer-link.ts";
import { removeLink } from "../../../src/acts/people/remove-link.ts";
import type { Person } from "../../../src/domain/people/person.ts";
import { people, person, policy } from "../../domain/approvals/request-fixtures.ts";
import { type Bench, createBench } from "../approvals/request-bench.ts";
import { by } from "../stage.ts";
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

it("a human who becomes two people by a link removed first is told on the card, and does not agree to it", async () => {
  const bench = await createBench();
  const { store } = bench;
  const account = { surface: "slack", id: "U-second" } as const;
  const code = await offerLink(store, account);
  const claim = await claimLink(store, { code, place: { surface: "console", channel: "ops" } }, by("boris", "1"));
  const card = () => ({ tone: "good" as const, title: "Linked", blocks: [] });
  await confirmLink(store, { claim: claim.id, card }, by("chen", "2"));
  await removeLink(store, account, by("chen", "3"));
  bench.clock.now += 10 * 86_400_000;
  const second: Person = { ...bo("approver"), accounts: { slack: [account.id] } };
  const governed = await governPolicy(
    { store, systems, again: false, supersedes: "any" },
    rules("r9", [...people, second]),
  );
  if (governed.now !== "waits") throw new Error(`it is ${governed.now}`);
  const { effects = [], favours } = governed.request.sealed;
  expect(effects[0]).toMatch(/^Bo Larsen \(bo\) has an account that was boris's until /);
  expect(favours).toEqual(["bo", "boris"]);
  await expect(bench.decide("approve", "boris", governed.request)).rejects.toThrow(/gain/);
  await bench.decide("approve", "chen", governed.request);
});
