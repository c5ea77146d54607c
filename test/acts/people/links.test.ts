import { expect, it } from "vitest";
import { adoptPolicy } from "../../../src/acts/people/adopt-policy.ts";
import { claimLink } from "../../../src/acts/people/claim-link.ts";
import { confirmLink } from "../../../src/acts/people/confirm-link.ts";
import { offerLink } from "../../../src/acts/people/offer-link.ts";
import { removeLink } from "../../../src/acts/people/remove-link.ts";
import { linkClaimCard } from "../../../src/cards/link.ts";
import type { LinkClaim } from "../../../src/domain/people/link.ts";
import type { Store } from "../../../src/domain/store.ts";
import { people, person, policy } from "../../domain/approvals/request-fixtures.ts";
import { scratchStore } from "../../fakes/scratch-store.ts";
import { by } from "../stage.ts";

const card = () => ({ tone: "good" as const, title: "Yours", blocks: [] });
const here = { surface: "slack", channel: "C1" };
const second = { surface: "slack", id: "U-second" } as const;

/** A store in which an account was linked to Boris. */
async function withLink(): Promise<{ readonly store: Store; readonly claims: Claims }> {
  const store = scratchStore();
  await adoptPolicy(store, policy({ people: [...people, person("emil", "viewer")] }), { how: "first" });
  let deliveries = 0;
  const claims: Claims = async (id, who, account = `console:${who}`) => {
    const code = await offerLink(store, { surface: "slack", id });
    return claimLink(store, { code, place: here }, { ...by(who, `${(deliveries += 1)}`), account });
  };
  await confirmLink(store, { claim: (await claims(second.id, "boris")).id, card }, by("chen", "linked"));
  return { store, claims };
}

type Claims = (id: string, who: string, account?: string) => Promise<LinkClaim>;

it("what was claimed from an account is void once that account is taken away, and what others claimed is not", async () => {
  const { store, claims } = await withLink();
  const stolen = await claims("U-thief", "boris", "slack:U-second");
  const own = await claims("U-own", "boris");
  await removeLink(store, second, by("chen", "remove"));
  const confirm = (claim: LinkClaim) => confirmLink(store, { claim: claim.id, card }, by("chen", claim.id));
  await expect(confirm(stolen)).rejects.toThrow("There is no such claim");
  // A claim that was on its way as the account was taken away.
  await expect(confirm(await claims("U-late", "boris", "slack:U-second"))).rejects.toThrow(
    "slack:U-second, from which this was claimed, is no account of boris any more.",
  );
  expect(await confirm(own)).toMatchObject({ person: "boris" });
});

it("whose an account was is told to whoever confirms that it is another's now, and they are not the one who does", async () => {
  const { store, claims } = await withLink();
  await removeLink(store, second, by("chen", "remove"));
  const again = await claims(second.id, "boris");
  expect(again.was).toEqual([]);
  const claim = await claims(second.id, "emil");
  expect(claim.was).toMatchObject([{ id: "boris", surface: "slack", account: "U-second" }]);
  expect(linkClaimCard(claim, person("emil", "viewer")).summary).toMatch(
    /^slack:U-second was boris's until .*: confirm it only if that is somebody else\. Somebody else who administers/,
  );
  const confirm = (who: string) => confirmLink(store, { claim: claim.id, card }, by(who, `confirmed by ${who}`));
  await expect(confirm("boris")).rejects.toThrow(/^slack:U-second was your account until .* somebody else to confirm/);
  expect(await confirm("chen")).toMatchObject({ person: "emil" });
});

// A delivery whose process died before it was answered is run again: what it did is done once, and told as done.

it("an account that it claimed is told as claimed", async () => {
  const store = scratchStore();
  await adoptPolicy(store, policy(), { how: "first" });
  const code = await offerLink(store, { surface: "slack", id: "U9" });
  const claim = (invocation: string) =>
    claimLink(store, { code, place: { surface: "slack", channel: "C1" } }, by("ana", invocation));
  const claimed = await claim("1");
  expect(await claim("1")).toEqual(claimed);
  await expect(claim("2")).rejects.toThrow("That code is not known");
  const confirm = (invocation: string) =>
    confirmLink(
      store,
      { claim: claimed.id, card: () => ({ tone: "good", title: "Yours", blocks: [] }) },
      by("chen", invocation),
    );
  expect(await confirm("3")).toEqual(claimed);
  expect(await confirm("3")).toEqual(claimed);
  await expect(confirm("4")).rejects.toThrow("There is no such claim");
  const linked = { surface: "slack", id: "U9" } as const;
  const remove = (invocation: string) => removeLink(store, linked, by("chen", invocation));
  expect([await remove("5"), await remove("5"), await remove("6")]).toEqual([true, true, false]);
});
