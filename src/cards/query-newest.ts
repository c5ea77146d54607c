import type { Block } from "../domain/messages/card.ts";
import { type NewestState, newestState } from "../domain/systems/newest.ts";
import type { NamedQuery, QueryTable } from "../domain/systems/queries.ts";

type NewestLine = Extract<Block, { kind: "text" }>;

const tones = { kept: "good", missed: "bad", none: "bad", untold: "unknown" } as const satisfies Record<
  NewestState["is"],
  string
>;

/** How old the newest row is, and whether it may be: a line for each promise. */
export function newestLines(
  { query, table }: { readonly query: Pick<NamedQuery, "newest">; readonly table: QueryTable },
  now: number,
): readonly NewestLine[] {
  return (query.newest ?? []).map((promise): NewestLine => {
    const { is, words } = newestState(promise, table, now);
    return { kind: "text", tone: tones[is], text: words };
  });
}
