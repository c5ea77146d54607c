import type { DoneBy } from "../../domain/commands/command.ts";
import { type Account, accountText } from "../../domain/people/person.ts";
import type { Store } from "../../domain/store.ts";
import { linkOf, policyKey, putWithoutLink } from "../../records/policy.ts";
import { committedBefore, transact } from "../transact.ts";

/** Takes away an account that was linked by a ceremony. False when there is no such link; people.yaml is not touched. */
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
    return {
      result: true,
      commit: {
        once: { key: once, answer: true },
        expect: { [policyKey]: document?.revision ?? null },
        put: [putWithoutLink(document, account)],
        journal: [{ kind: "link.removed", at: now, who, account: accountText(account), person }],
      },
    };
  });
  return outcome.repeated || outcome.result;
}
