import { expect, it } from "vitest";
import { adoptPolicy } from "../../../src/acts/people/adopt-policy.ts";
import { claimLink } from "../../../src/acts/people/claim-link.ts";
import { confirmLink } from "../../../src/acts/people/confirm-link.ts";
import { offerLink } from "../../../src/acts/people/offer-link.ts";
import { removeLink } from "../../../src/acts/people/remove-link.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { scratchStore } from "../../fakes/scratch-store.ts";
import { by } from "../stage.ts";

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
