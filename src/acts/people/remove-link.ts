import type { DoneBy } from "../../domain/commands/command.ts";
import { type Account, accountText } from "../../domain/people/person.ts";
import type { Store } from "../../domain/store.ts";
import { claimsFrom } from "../../records/link.ts";
import { linkOf, policyKey, putWithoutLink } from "../../records/policy.ts";
import { committedBefore, transact } from "../transact.ts";

/**
 * Takes away an account that was linked by a ceremony, with the claims that were made from it. Whose it was is remembered. False
 * when there is no such link; people.yaml is not touched.
 */
export async function removeLink(
  store: Store,
  account: Pick<Account, "surface" | "id">,
  { invocation, ...who }: DoneBy,
): Promise<boolean> {
  const once = `link-removed:${invocation}`;
  const outcome = await transact(store, async (now) => {
    const [document] = await store.read([policyKey]);
    const link = linkOf(document, account);
    if (!link) return { result: (await committedBefore(store, once)) !== undefined };
    const { person } = link;
    // Whoever got hold of the account may have claimed another from it.
    const claims = await claimsFrom(store, account);
    return {
      result: true,
      commit: {
        once: { key: once, answer: true },
        expect: {
          [policyKey]: document?.revision ?? null,
          ...Object.fromEntries(claims.map(({ key, revision }) => [key, revision])),
        },
        put: [putWithoutLink(document, account, now)],
        remove: claims.map(({ key }) => key),
        journal: [{ kind: "link.removed", at: now, who, account: accountText(account), person, claims: claims.length }],
      },
    };
  });
  return outcome.repeated || outcome.result;
}
