import { z } from "zod";
import type { Person } from "./person.ts";
import type { Policy } from "./policy.ts";

/** An account that somebody had by people and rules that were in force before, and has no more. */
export const FormerOwner = z.object({
  surface: z.string(),
  account: z.string(),
  /** Whose it was, as a file called them. */
  id: z.string(),
  name: z.string(),
  /** When that ended, store time in ms. */
  until: z.number(),
});
export type FormerOwner = z.output<typeof FormerOwner>;

/** How long it is remembered, in ms: two changes that belong together come within half a year. */
const rememberedMs = 182 * 24 * 3_600_000;

/** More than so many are not kept: the newest matter most. */
const mostRemembered = 1_000;

/** Whose account is whose no more once `after` follows `before`, with those that are remembered from before. */
export function formerOwners(
  known: readonly FormerOwner[],
  { before, after, now }: { readonly before: Policy; readonly after: Policy; readonly now: number },
): FormerOwner[] {
  const left = before.people.flatMap(({ id, name, accounts }) => {
    const kept = after.people.find((person) => person.id === id);
    return accountsIn({ accounts })
      .filter(({ surface, account }) => !kept?.accounts[surface]?.includes(account))
      .map((one): FormerOwner => ({ ...one, id, name, until: now }));
  });
  const isNew = (one: FormerOwner) =>
    left.every((each) => each.id !== one.id || each.surface !== one.surface || each.account !== one.account);
  return [...remembered(known, now).filter(isNew), ...left].slice(-mostRemembered);
}

/** Those that are remembered at a time, store time in ms. */
export function remembered(known: readonly FormerOwner[], now: number): FormerOwner[] {
  return known.filter(({ until }) => now - until < rememberedMs);
}

/** Those among these whose accounts a person has now under another id, each once. */
export function ownersBefore(
  person: Pick<Person, "id" | "accounts">,
  known: readonly FormerOwner[],
): readonly FormerOwner[] {
  const mine = known.filter(
    ({ id, surface, account }) => id !== person.id && (person.accounts[surface]?.includes(account) ?? false),
  );
  return mine.filter((one, place) => mine.findIndex(({ id }) => id === one.id) === place);
}

function accountsIn({ accounts }: Pick<Person, "accounts">): { surface: string; account: string }[] {
  return Object.entries(accounts).flatMap(([surface, ids = []]) => ids.map((account) => ({ surface, account })));
}
