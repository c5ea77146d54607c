import { Direction, Risk } from "../systems/operation.ts";
import type { Permission, Person } from "./person.ts";
import { type Policy, type Tier, tierOf } from "./policy.ts";

/** One thing that somebody may do: a permission or a place among approvers, for a system, in a channel or anywhere. */
interface Entitlement {
  readonly what: string;
  /** `*` is every system, undefined as a channel every channel. */
  readonly system: string;
  readonly channel: string | undefined;
}

/** What counts as a gain: what a person is given, or also what a group gives that an account of theirs may be in. */
type Gained = "grants" | "groups";

/**
 * The people who may do more by one policy than by another: more rights, another account, or a word in more decisions. Each
 * by every id that is theirs: whoever has an account under another id now is the same human.
 */
export function favouredBy(before: Policy, after: Policy, by: Gained = "groups"): (readonly string[])[] {
  return after.people
    .filter((person) => {
      const old = before.people.find(({ id }) => id === person.id);
      if (!old) return true;
      const held = entitlements(old, before, by);
      const more = entitlements(person, after, by).some((each) => !held.some((one) => covers(one, each)));
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
 * nobody is kept out, or nobody could. Who gains by tiers, rules, places, or a group they may be in, is kept out only while
 * two others could agree.
 */
export function keptOutOf(before: Policy, after: Policy, approvers: readonly Pick<Person, "id">[]): string[] {
  const gaining = favouredBy(before, after, "grants");
  const all = gaining.flat();
  const others = approvers.filter(({ id }) => !all.includes(id));
  // Somebody who gains and could not agree is no reason to let in who gains and could.
  const deciding = gaining.filter((ids) => approvers.some(({ id }) => ids.includes(id)));
  const alone = others.length === 0 && deciding.length > 1 ? [] : all;
  const more = [...new Set([...alone, ...before.people.filter(gainsByRules(before, after)).map(({ id }) => id)])];
  return approvers.filter(({ id }) => !more.includes(id)).length >= 2 ? more : alone;
}

/** Who needs fewer others than before, whose word counts where it did not, who may do it in more places or as one of a group. */
function gainsByRules(before: Policy, after: Policy): (person: Person) => boolean {
  const decisions = decisionsOf(before, after).map((asked) => {
    return { asked, was: tierOf(asked, before), is: tierOf(asked, after) };
  });
  return (old) => {
    const person = after.people.find(({ id }) => id === old.id);
    if (!person) return false;
    const [had, has] = [entitlements(old, before, "groups"), entitlements(person, after, "groups")];
    if (has.some((each) => !had.some((one) => covers(one, each)))) return true;
    if (placesOf(person, after).some((place) => !placesOf(old, before).includes(place))) return true;
    return decisions.some(({ asked: { system }, was, is }) => {
      const roles = person.grants.flatMap((grant) => (reaches(grant.systems, system) ? [grant.role] : []));
      const may = new Set(roles.flatMap((role) => after.roles.find(({ id }) => id === role)?.may ?? []));
      const fewer = leastOf(is) < leastOf(was) && (may.has("ask") || may.has("approve"));
      return fewer || (may.has("approve") && roles.some((role) => counts(is, role) && !counts(was, role)));
    });
  };
}

/** One operation of each kind that the rules of either tell apart; what none of them names stands for all others. */
function decisionsOf(before: Policy, after: Policy): Parameters<typeof tierOf>[0][] {
  const rules = [...before.rules, ...after.rules];
  const systems = new Set([...rules.flatMap(({ system }) => system ?? []), "*"]);
  const operations = new Set([...rules.flatMap(({ operation }) => operation ?? []), "*"]);
  return Risk.options.flatMap((risk) =>
    Direction.options.flatMap((direction) =>
      [...systems].flatMap((system) => [...operations].map((operation) => ({ risk, direction, system, operation }))),
    ),
  );
}

function reaches(systems: "*" | readonly string[], system: string): boolean {
  return systems === "*" || system === "*" || systems.includes(system);
}

/** How many have to agree at least; without a tier nobody can. */
function leastOf(tier: Tier | undefined): number {
  if (!tier) return Number.POSITIVE_INFINITY;
  const counted = tier.alternatives.map((slots) => slots.reduce((sum, { count }) => sum + count, 0));
  return counted.length === 0 ? 0 : Math.min(...counted);
}

function counts(tier: Tier | undefined, role: string): boolean {
  return tier?.alternatives.flat().some((slot) => slot.role === role) ?? false;
}

/** What the channels, and a conversation of two, let a person's rights do. */
function placesOf(person: Person, { channels, direct, roles }: Policy): string[] {
  return person.grants.flatMap((grant) => {
    const may: readonly Permission[] = roles.find(({ id }) => id === grant.role)?.may ?? [];
    const there = channels
      .filter(({ id, surface }) => person.accounts[surface] && (grant.channels?.includes(id) ?? true))
      .flatMap(({ surface, channel, systems, allow }) =>
        (systems === "*" ? ["*"] : systems)
          .filter((system) => reaches(grant.systems, system))
          .flatMap((system) =>
            allow.filter((each) => may.includes(each)).map((each) => `${each} ${system} ${surface} ${channel}`),
          ),
      );
    return [...there, ...(grant.channels ? [] : direct.allow.filter((each) => may.includes(each)))];
  });
}

function covers(held: Entitlement, wanted: Entitlement): boolean {
  return (
    held.what === wanted.what &&
    (held.system === "*" || held.system === wanted.system) &&
    (held.channel === undefined || held.channel === wanted.channel)
  );
}

/** What their roles give them. */
function entitlements(person: Person, policy: Policy, by: Gained): Entitlement[] {
  const perhaps = by === "groups" ? policy.groups.filter(({ surface }) => person.accounts[surface]) : [];
  const grants = [...person.grants, ...perhaps];
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
