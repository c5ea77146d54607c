import { expect, it } from "vitest";
import { adoptPolicy } from "../../../src/acts/people/adopt-policy.ts";
import { claimLink } from "../../../src/acts/people/claim-link.ts";
import { confirmLink } from "../../../src/acts/people/confirm-link.ts";
import { offerLink } from "../../../src/acts/people/offer-link.ts";
import type { Store } from "../../../src/domain/store.ts";
import { linkedAccounts } from "../../../src/reads/linked-accounts.ts";
import { policyReader } from "../../../src/reads/policy-in-force.ts";
import { people, policy } from "../../domain/approvals/request-fixtures.ts";
import { scratchStore } from "../../fakes/scratch-store.ts";
import { by, place } from "../stage.ts";

const account = { surface: "slack", id: "U9" };

/** Ana's account, linked by a code and confirmed by Chen. */
async function link(store: Store): Promise<void> {
  const code = await offerLink(store, account);
  const claim = await claimLink(store, { code, place }, by("ana", "claim"));
  const card = () => ({ tone: "good", title: "Linked", blocks: [] }) as const;
  await confirmLink(store, { claim: claim.id, card }, by("chen", "confirm"));
}

it("rules that are in force already change nothing; other ones replace them, on record", async () => {
  const store = scratchStore();
  expect(await adoptPolicy(store, policy(), { how: "first" })).toEqual([]);
  expect(await adoptPolicy(store, policy(), { how: "first" })).toBeUndefined();
  const { roles } = policy();
  expect(await adoptPolicy(store, policy({ revision: "r2", roles: [] }), { how: "offline", user: "maria" })).toEqual(
    roles.map(({ id, may }) => `roles: ${id} is gone: may ${may.join(" and ")}`),
  );
  expect(await policyReader(store)()).toMatchObject({ revision: "r2", roles: [] });
  const entries = (await store.journal({ limit: 10 })).flatMap((each) => each.entries);
  expect(entries).toMatchObject([
    { kind: "policy.adopted", who: { person: null, account: null }, revision: "r1", before: null, how: "first" },
    {
      kind: "policy.adopted",
      who: { person: null, account: "os:maria" },
      revision: "r2",
      before: "r1",
      how: "offline",
    },
  ]);
});

it("an account that was linked outlives a new file, with the rights of its person", async () => {
  const store = scratchStore();
  await adoptPolicy(store, policy(), { how: "first" });
  await link(store);
  await adoptPolicy(store, policy({ revision: "r2" }), { how: "offline", user: "maria" });
  expect(await linkedAccounts(store)).toMatchObject([{ ...account, person: "ana", confirmedBy: "chen" }]);
  const ana = (await policyReader(store)()).people.find(({ id }) => id === "ana");
  expect(ana?.accounts["slack"]).toContain("U9");
});

it.each([
  ["its person is no longer there", people.filter(({ id }) => id !== "ana")],
  [
    "the file gives it to another",
    people.map((each) => (each.id === "boris" ? { ...each, accounts: { ...each.accounts, slack: ["U9"] } } : each)),
  ],
])("a link ends with a new file when %s", async (_when, changed) => {
  const store = scratchStore();
  await adoptPolicy(store, policy(), { how: "first" });
  await link(store);
  await adoptPolicy(store, policy({ revision: "r2", people: changed }), { how: "offline", user: "maria" });
  expect(await linkedAccounts(store)).toEqual([]);
});
