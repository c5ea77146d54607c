import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Governed, governPolicy } from "../../../src/acts/people/govern-policy.ts";
import { removeLink } from "../../../src/acts/people/remove-link.ts";
import { changeApprovers } from "../../../src/domain/approvals/change-approvers.ts";
import { UserError } from "../../../src/domain/failure.ts";
import { favouredBy, keptOutOf } from "../../../src/domain/people/favoured.ts";
import { type Grant, type Person, permissions } from "../../../src/domain/people/person.ts";
import { decide, type GroupGrant, type Policy, type Tier, type TierRule } from "../../../src/domain/people/policy.ts";
import { policyReader } from "../../../src/reads/policy-in-force.ts";
import { policyKey, putPolicy } from "../../../src/records/policy.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { type Bench, createBench } from "../approvals/request-bench.ts";
import { ownSystems as systems } from "./own-systems.ts";

/** The one who edits the files and approves what they can. */
const editor = "mallory";
const names = [editor, "boris", "chen", "dana", "emil"];
const roles = ["viewer", "operator", "approver", "lead"];

const grants: fc.Arbitrary<Grant> = fc.record({
  role: fc.constantFrom(...roles),
  systems: fc.constantFrom("*" as const, ["wardroom"], ["alphapulse"]),
});

function people(most: number): fc.Arbitrary<Person[]> {
  return fc.integer({ min: 2, max: most }).chain((count) =>
    fc.tuple(
      ...names.slice(0, count).map((id) =>
        fc.record({
          id: fc.constant(id),
          name: fc.constant(id),
          accounts: fc.constantFrom<Person["accounts"]>(
            { console: [id] },
            { console: [id], slack: [`U-${id}`] },
            { slack: [`U-${id}`] },
          ),
          grants: fc.array(grants, { minLength: 1, maxLength: 2 }),
        }),
      ),
    ),
  );
}

const tier = (id: string, role: string, count: number): Tier => ({
  id,
  alternatives: [[{ role, count }]],
  decideBy: 60_000,
  window: 60_000,
});

const tiers: fc.Arbitrary<Tier[]> = fc
  .tuple(fc.constantFrom("approver", "lead"), fc.integer({ min: 1, max: 3 }))
  .map(([role, count]) => [tier("few", role, 1), tier("more", role, count)]);

const rules: fc.Arbitrary<TierRule[]> = fc.array(
  fc.record(
    { tier: fc.constantFrom("few", "more"), system: fc.constantFrom("wardroom", "alphapulse") },
    { requiredKeys: ["tier"] },
  ),
  { maxLength: 3 },
);

const groups: fc.Arbitrary<GroupGrant[]> = fc.array(
  grants.map((grant) => ({ ...grant, surface: "slack", group: "S1" })),
  { maxLength: 1 },
);

const policies: fc.Arbitrary<Policy> = fc
  .record({ people: people(5), tiers, rules, groups })
  .map((parts) => policy(parts));

/** What an editor of the files may write in the place of what they say. */
type Edit = (before: Policy) => Policy;

const forEditor =
  (change: (person: Person) => Person): Edit =>
  (before) => ({
    ...before,
    people: before.people.map((each) => (each.id === editor ? change(each) : each)),
  });

const edits: fc.Arbitrary<Edit> = fc.oneof(
  grants.map((grant) => forEditor((each) => ({ ...each, grants: [...each.grants, grant] }))),
  fc.constant(forEditor((each) => ({ ...each, id: "renamed", grants: [{ role: "lead", systems: "*" }] }))),
  fc.constantFrom(...names.slice(1)).map(
    (victim): Edit =>
      (before) =>
        takesAccounts(before, victim),
  ),
  fc.constantFrom(...names).map(
    (id): Edit =>
      (before) => ({
        ...before,
        people: before.people.filter((each) => each.id !== id),
      }),
  ),
  fc.constant<Edit>((before) => ({ ...before, people: [...before.people, decoy] })),
  tiers.map(
    (changed): Edit =>
      (before) => ({ ...before, tiers: changed }),
  ),
  rules.map(
    (changed): Edit =>
      (before) => ({ ...before, rules: changed }),
  ),
  groups.map(
    (changed): Edit =>
      (before) => ({ ...before, groups: changed }),
  ),
);

const decoy: Person = {
  id: "zed",
  name: "zed",
  accounts: { console: ["zed"] },
  grants: [{ role: "viewer", systems: "*" }],
};

/** What was another's is the editor's. */
function takesAccounts(before: Policy, victim: string): Policy {
  const taken = before.people.find(({ id }) => id === victim)?.accounts["console"] ?? [];
  return {
    ...before,
    people: before.people
      .filter(({ id }) => id !== victim)
      .map((each) =>
        each.id === editor
          ? { ...each, accounts: { ...each.accounts, console: [...(each.accounts["console"] ?? []), ...taken] } }
          : each,
      ),
  };
}

const change = fc.array(edits, { minLength: 1, maxLength: 3 }).map(
  (all): Edit =>
    (before) =>
      all.reduce((sofar, edit) => edit(sofar), before),
);

/** Everything that whoever has one of these accounts may do, asked of the rules themselves. */
function rightsOf(accounts: readonly string[], rulesAsked: Policy): Set<string> {
  const own = rulesAsked.people.filter((each) => accountsOf(each).some((account) => accounts.includes(account)));
  return new Set(
    own.flatMap((person) =>
      rulesAsked.channels.flatMap(({ surface, channel }) =>
        ["wardroom", "alphapulse", "other"].flatMap((system) =>
          permissions
            .filter(
              (permission) => decide({ person, permission, system, place: { surface, channel } }, rulesAsked).allowed,
            )
            .map((permission) => `${permission} ${system} ${channel}`),
        ),
      ),
    ),
  );
}

function accountsOf({ accounts }: Person): string[] {
  return Object.entries(accounts).flatMap(([surface, ids = []]) => ids.map((id) => `${surface}:${id}`));
}

/** Every account of theirs says yes wherever it is let. */
async function approvesAll(bench: Bench, governed: Governed): Promise<string> {
  if (governed.now !== "waits") return governed.now;
  const inForce = await policyReader(bench.store)();
  const accounts = inForce.people.filter(({ id }) => id === editor).flatMap(accountsOf);
  for (const account of accounts)
    await bench.decide("approve", editor, governed.request, { account }).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
    });
  return (await bench.now(governed.request)).request.state;
}

describe("one person who edits the files and approves what they can", () => {
  it("puts nothing in force alone where two people could agree, whatever links they take away", async () => {
    await fc.assert(
      fc.asyncProperty(
        policies,
        fc.array(change, { minLength: 1, maxLength: 2 }),
        fc.array(fc.nat({ max: 4 }), { maxLength: 2 }),
        async (before, changes, unlinked) => {
          const bench = await linked(before, unlinked);
          fc.pre(changeApprovers(await policyReader(bench.store)()).length >= 2);
          const remover = { invocation: "x", person: editor, name: editor, account: `console:${editor}` };
          for (const [index, edit] of changes.entries()) {
            const id = names[unlinked[index] ?? 0] ?? editor;
            await removeLink(bench.store, { surface: "console", id }, { ...remover, invocation: `x${index}` });
            const next = edit({ ...before, revision: `r${index + 2}` });
            const governed = await governPolicy({ store: bench.store, systems, again: true, supersedes: "any" }, next);
            expect(governed.now).not.toBe("adopted");
            expect(await approvesAll(bench, governed)).not.toBe("APPROVED");
          }
          expect((await policyReader(bench.store)()).revision).toBe("r1");
        },
      ),
      { numRuns: 60 },
    );
  });

  it("is not one of the two who agree to their gain, while two others could", () => {
    fc.assert(
      fc.property(policies, change, (before, edit) => {
        const after = edit(before);
        const approvers = changeApprovers(before);
        const kept = keptOutOf(before, after, approvers);
        const accounts = before.people.filter(({ id }) => id === editor).flatMap(accountsOf);
        const had = rightsOf(accounts, before);
        const gains = [...rightsOf(accounts, after)].some((right) => !had.has(right));
        const gaining = favouredBy(before, after).flat();
        const others = approvers.filter(({ id }) => id !== editor && !gaining.includes(id));
        expect(gains && others.length >= 2 && !kept.includes(editor)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  it("is let in by no decoy", () => {
    fc.assert(
      fc.property(policies, change, (before, edit) => {
        const after = edit(before);
        const approvers = changeApprovers(before);
        const kept = keptOutOf(before, after, approvers);
        const others = after.people.filter(({ id }) => id !== decoy.id);
        const decoyed = keptOutOf(before, { ...after, people: [...others, decoy] }, approvers);
        expect(decoyed).toEqual(expect.arrayContaining(kept.filter((id) => id !== decoy.id)));
      }),
      { numRuns: 400 },
    );
  });
});

/** Rules in force where some are known on the console by a link alone. */
async function linked(before: Policy, which: readonly number[]): Promise<Bench> {
  const bench = await createBench(before);
  const ids = which.flatMap((index) => names[index] ?? []).filter((id) => before.people.some((each) => each.id === id));
  const written = {
    ...before,
    people: before.people.map((each) => {
      const { console: _, ...rest } = each.accounts;
      return ids.includes(each.id) ? { ...each, accounts: rest } : each;
    }),
  };
  const [document] = await bench.store.read([policyKey]);
  const links = [...new Set(ids)].map((id) => ({ surface: "console", id, person: id, confirmedBy: "boris", at: 0 }));
  await bench.store.commit({
    id: "linked",
    expect: { [policyKey]: document?.revision ?? null },
    put: [putPolicy(written, links)],
  });
  return bench;
}

it("whoever is known by a link alone is kept out of what the files give that account under another id", async () => {
  const person = (id: string, accounts: Person["accounts"], role: string): Person => ({
    id,
    name: id,
    accounts,
    grants: [{ role, systems: "*" }],
  });
  const before = policy({
    people: [
      person(editor, { console: [editor] }, "approver"),
      person("boris", { console: ["boris"] }, "approver"),
      person("chen", { console: ["chen"] }, "approver"),
    ],
  });
  const bench = await linked(before, [0]);
  const zed = person("zed", { console: [editor] }, "lead");
  const next = { ...before, revision: "r2", people: [...before.people.slice(1), person(editor, {}, "approver"), zed] };
  const governed = await governPolicy({ store: bench.store, systems, again: false, supersedes: "any" }, next);
  expect(governed).toMatchObject({ now: "waits", request: { sealed: { favours: ["zed", editor] } } });
});
