import { nobody } from "../../domain/journal.ts";
import type { AccountLink } from "../../domain/people/link.ts";
import type { Policy } from "../../domain/people/policy.ts";
import type { Store } from "../../domain/store.ts";
import { linksIn, parsePolicy, policyKey, putPolicy } from "../../records/policy.ts";
import { transact } from "../transact.ts";

/** Puts the configured people and rules in force, recorded in the journal. Answers whether they differed from before. */
export async function adoptPolicy(store: Store, policy: Policy): Promise<boolean> {
  const outcome = await transact(store, async (now) => {
    const [current] = await store.read([policyKey]);
    const before = current ? parsePolicy(current).revision : null;
    if (before === policy.revision) return { result: false };
    return {
      result: true,
      commit: {
        expect: { [policyKey]: current?.revision ?? null },
        put: [putPolicy(policy, keptLinks(linksIn(current), policy))],
        journal: [
          {
            kind: "policy.adopted",
            at: now,
            who: nobody,
            revision: policy.revision,
            people: policy.people.length,
            before,
          },
        ],
      },
    };
  });
  return !outcome.repeated && outcome.result;
}

/** What a ceremony linked outlives a new file, as long as its person does and the file gives it to nobody else. */
function keptLinks(links: readonly AccountLink[], policy: Policy): readonly AccountLink[] {
  return links.filter(
    (link) =>
      policy.people.some((person) => person.id === link.person) &&
      !policy.people.some((person) => person.accounts[link.surface]?.includes(link.id) ?? false),
  );
}
