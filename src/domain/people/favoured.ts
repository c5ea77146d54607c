import type { Permission, Person } from "./person.ts";
import type { Policy } from "./policy.ts";

/** One thing that somebody may do: a permission or a place among approvers, for a system, in a channel or anywhere. */
interface Entitlement {
  readonly what: string;
  /** `*` is every system, undefined as a channel every channel. */
  readonly system: string;
  readonly channel: string | undefined;
}

/**
 * The people who may do more by one policy than by another: more rights, another account, or a word in more decisions. Each
 * by every id that is theirs: whoever has an account under another id now is the same human.
 */
export function favouredBy(before: Policy, after: Policy): (readonly string[])[] {
  return after.people
    .filter((person) => {
      const old = before.people.find(({ id }) => id === person.id);
      if (!old) return true;
      const held = entitlements(old, before);
      const more = entitlements(person, after).some((each) => !held.some((one) => covers(one, each)));
      return more || accountsOf(person).some((account) => !accountsOf(old).includes(account));
    })
    .map((person) => {
      const same = before.people.filter((old) =>
        accountsOf(old).some((account) => accountsOf(person).includes(account)),
      );
      return [...new Set([person.id, ...same.map(({ id }) => id)])];
    });
}

/**
 * Ids of those who may not be among the two who agree to a change: whoever gains by it. Where all who could agree gain alike,
 * nobody is kept out, or nobody could.
 */
export function keptOutOf(before: Policy, after: Policy, approvers: readonly Pick<Person, "id">[]): string[] {
  const gaining = favouredBy(before, after);
  const all = gaining.flat();
  const others = approvers.filter(({ id }) => !all.includes(id));
  return others.length === 0 && gaining.length > 1 ? [] : all;
}

function covers(held: Entitlement, wanted: Entitlement): boolean {
  return (
    held.what === wanted.what &&
    (held.system === "*" || held.system === wanted.system) &&
    (held.channel === undefined || held.channel === wanted.channel)
  );
}

/** What their roles give them, also those of groups that an account of theirs may be in. */
function entitlements(person: Person, policy: Policy): Entitlement[] {
  const grants = [...person.grants, ...policy.groups.filter(({ surface }) => person.accounts[surface])];
  return grants.flatMap(({ role, systems, channels }) =>
    whatGives(role, policy).flatMap((what) =>
      (systems === "*" ? ["*"] : systems).flatMap((system) =>
        (channels ?? [undefined]).map((channel) => ({ what, system, channel })),
      ),
    ),
  );
}

/** The permissions of a role, and every tier in which its holders count as approvers. */
function whatGives(id: string, { roles, tiers }: Policy): string[] {
  const may: readonly Permission[] = roles.find((role) => role.id === id)?.may ?? [];
  const slots = tiers.filter(({ alternatives }) => alternatives.flat().some(({ role }) => role === id));
  return [...may, ...(may.includes("approve") ? slots.map((tier) => `approve in the tier ${tier.id}`) : [])];
}

function accountsOf({ accounts }: Person): string[] {
  return Object.entries(accounts).flatMap(([surface, ids = []]) => ids.map((id) => `${surface}:${id}`));
}
