import { callsOf } from "../messages/calls.ts";
import type { Called } from "../messages/message.ts";
import type { Place } from "../messages/place.ts";
import { type OnCallBook, peopleOnCall } from "../oncall/on-call.ts";
import { type Person, personName } from "../people/person.ts";
import { operatorPlaces, type Policy } from "../people/policy.ts";
import type { MatrixContact, MatrixLevel } from "./matrix.ts";
import type { AlertPage, HookCall } from "./page.ts";

/** What whoever is to be called is looked up in. */
export interface ReachRules {
  readonly policy: Policy;
  readonly book: OnCallBook;
  readonly system: string;
  /** Surfaces on which somebody can be written to in a conversation of two. */
  readonly direct: ReadonlySet<string>;
  readonly now: number;
}

export type Reach = Pick<AlertPage, "contacts" | "calls" | "places" | "hooks" | "isNobody">;

/**
 * Whom a level calls at this moment, and where, while its alerts are told in these places. Somebody who has no account there is
 * written to where they have one. Where nobody can be reached at all the operators are.
 */
export function reachOf({ contacts }: Pick<MatrixLevel, "contacts">, told: readonly Place[], rules: ReachRules): Reach {
  const { policy } = rules;
  const named = contacts.map((contact) => ({ contact, people: peopleBehind(contact, rules) }));
  const channels = policy.channels
    .filter(({ id }) => contacts.some((each) => each.channels.includes(id)))
    .map(({ surface, channel }): Place => ({ surface, channel }));
  const heard = new Set([...told, ...channels].map(({ surface }) => surface));
  const calls: Called[] = [];
  const direct: Place[] = [];
  for (const { contact, people } of named)
    for (const { id } of people) {
      const accounts = callsOf(policy, [id]);
      const here = accounts.filter(({ account }) => heard.has(account.surface));
      const alone = accounts.filter(({ account }) => rules.direct.has(account.surface));
      const isWritten = alone.length > 0 && (contact.isWritten || here.length === 0);
      if (isWritten) direct.push(...alone.map(({ account }) => placeOf(account)));
      if (contact.isMentioned || !isWritten) calls.push(...here);
    }
  const hooks = contacts.flatMap(({ id, title, webhooks }) =>
    webhooks.map((_, index): HookCall => ({ contact: id, index, title, state: "owed" })),
  );
  const isNobody = calls.length + direct.length + channels.length + hooks.length === 0;
  return {
    contacts: named.map(({ contact: { title, note }, people }) => ({
      title,
      note,
      names: people.map(({ id }) => personName(id, policy.people)),
    })),
    calls: distinct(calls, ({ account }) => `${account.surface}:${account.id}`),
    places: distinct([...told, ...channels, ...direct, ...(isNobody ? operatorPlaces(policy.channels) : [])], (place) =>
      JSON.stringify([place.surface, place.channel]),
    ),
    hooks,
    isNobody,
  };
}

function peopleBehind({ people, roles }: MatrixContact, { policy, book, system, now }: ReachRules): readonly Person[] {
  const ids = peopleOnCall(book, people, now);
  const holders = policy.people.filter(({ grants }) =>
    grants.some(({ role, systems }) => roles.includes(role) && (systems === "*" || systems.includes(system))),
  );
  return [...new Set([...policy.people.filter(({ id }) => ids.includes(id)), ...holders])];
}

function placeOf({ surface, id }: Called["account"]): Place {
  return { surface, channel: id, direct: true, person: true };
}

function distinct<Item>(items: readonly Item[], by: (item: Item) => string): readonly Item[] {
  return [...new Map(items.map((item) => [by(item), item])).values()];
}
