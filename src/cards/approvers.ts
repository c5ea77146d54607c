import type { Card, Column } from "../domain/messages/card.ts";
import type { Person } from "../domain/people/person.ts";

const columns: Column[] = ["Person", "Can", "Why"].map((title) => ({ title }));

/** Who could do something about a request, such as `approve 4F7A2C`, and why not the others. */
export function approversCard(
  what: string,
  people: readonly { readonly person: Pick<Person, "name">; readonly can: boolean; readonly why: string }[],
): Card {
  const able = people.filter(({ can }) => can).map(({ person }) => person.name);
  const rows = people.map(({ person, can, why }) => [
    person.name,
    { text: can ? "yes" : "no", tone: can ? ("good" as const) : ("neutral" as const) },
    why,
  ]);
  return {
    tone: able.length > 0 ? "neutral" : "bad",
    title: `Who can ${what}`,
    summary: able.length > 0 ? able.join(", ") : "Nobody can do this now.",
    blocks: [{ kind: "table", columns, rows }],
  };
}
