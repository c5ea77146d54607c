import type { Policy } from "../people/policy.ts";
import type { Called } from "./message.ts";

/** People by the accounts that they have, on one surface where that is given; who has none there is not called. */
export function callsOf(
  { people }: Pick<Policy, "people">,
  ids: readonly string[],
  surface?: string,
): readonly Called[] {
  return ids.flatMap((id) => {
    const person = people.find((each) => each.id === id);
    if (!person) return [];
    return Object.entries(person.accounts).flatMap(([name, accounts = []]) =>
      surface === undefined || name === surface
        ? accounts.map((account) => ({ account: { surface: name, id: account }, name: person.name }))
        : [],
    );
  });
}
