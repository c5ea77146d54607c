import { z } from "zod";
import { ownValue } from "../own-value.ts";
import { SurfaceId } from "./surface.ts";

/** An id on a surface, as the surface authenticated it. `tenant` is the workspace or server of a platform it was seen in. */
export const Account = z.object({ surface: SurfaceId, id: z.string(), tenant: z.string().exactOptional() });
export type Account = Readonly<z.output<typeof Account>>;

export const Id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,38}$/, "an id is 1 to 39 of a-z, 0-9 and -, starting with a letter");

/** What a role lets a person do. `respond` acknowledges alerts and keeps incidents, `ask` opens requests, `stop` is the emergency stop, `query` is free expressions. */
export const permissions = ["read", "query", "respond", "ask", "approve", "stop", "audit", "administer"] as const;
export const Permission = z.enum(permissions);
export type Permission = z.output<typeof Permission>;

export const Role = z.strictObject({
  id: Id,
  title: z.string().min(1).max(80).optional(),
  may: z.array(Permission).min(1),
});
export type Role = z.output<typeof Role>;

/** A role given to a person for some systems, optionally only in some channels. */
export const Grant = z.strictObject({
  role: Id,
  systems: z.union([z.literal("*"), z.array(Id).min(1)]),
  channels: z.array(Id).min(1).optional(),
});
export type Grant = z.output<typeof Grant>;

export const Person = z.strictObject({
  id: Id,
  name: z.string().min(1).max(80),
  /** Account ids per surface. An account belongs to one person at most. */
  accounts: z.partialRecord(SurfaceId, z.array(z.string().min(1).max(80)).min(1)),
  grants: z.array(Grant).default([]),
  /** IANA zone for times in this person's replies. */
  timezone: z.string().optional(),
});
export type Person = z.output<typeof Person>;

/** What somebody is called; their id where nobody has it any more. */
export function personName(id: string, people: readonly Person[]): string {
  return people.find((person) => person.id === id)?.name ?? id;
}

/** An account as records name it: `surface:id`. */
export function accountText(account: Account): string {
  return `${account.surface}:${account.id}`;
}

/** The account a record names; undefined for what no surface could have written. */
export function accountOf(text: string): Account | undefined {
  const [surface, ...id] = text.split(":");
  const read = Account.safeParse({ surface, id: id.join(":") });
  return read.success && read.data.id !== "" ? read.data : undefined;
}

/**
 * The person who owns an account. Nobody, or an account two people claim, is no one: a decision by it is refused.
 */
export function personOf(account: Account, people: readonly Person[]): Person | undefined {
  const owners = people.filter((person) => ownValue(person.accounts, account.surface)?.includes(account.id) ?? false);
  return owners.length === 1 ? owners[0] : undefined;
}

/** Every account of a person, as `surface:id`. */
export function accountsOf({ accounts }: Pick<Person, "accounts">): readonly string[] {
  return Object.entries(accounts).flatMap(([surface, ids]) => (ids ?? []).map((id) => `${surface}:${id}`));
}
