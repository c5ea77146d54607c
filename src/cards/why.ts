import type { CatalogueEntry } from "../domain/commands/catalogue.ts";
import type { Card } from "../domain/messages/card.ts";
import type { Verdict } from "../domain/people/policy.ts";

/** Why somebody may, or may not, ask a command of each of these systems. */
export function whyCard(
  { name, permission }: Pick<CatalogueEntry, "name" | "permission">,
  rights: readonly { readonly system: string | undefined; readonly verdict: Verdict }[],
  who: { readonly name: string; readonly channel: string },
): Card {
  const allowed = rights.filter(({ verdict }) => verdict.allowed).length;
  const all = allowed === rights.length;
  return {
    tone: all ? "good" : allowed > 0 ? "warning" : "bad",
    title: `${name}: ${all ? "you may" : allowed > 0 ? "you may for some" : "you may not"}`,
    summary: `It takes the right to ${permission}. You are ${who.name}, in ${who.channel}.`,
    blocks: [
      {
        kind: "list",
        items: rights.map(({ system, verdict }) => ({
          text: `${system === undefined ? "" : `${system}: `}${verdict.allowed ? "yes" : `no. ${verdict.why} ${verdict.remedy}`}`,
          tone: verdict.allowed ? "good" : "bad",
        })),
      },
    ],
  };
}
