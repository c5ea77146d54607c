import { z } from "zod";
import { Place } from "../messages/place.ts";
import { Direction, Risk } from "../systems/operation.ts";
import { Grant, Id, type Permission, type Person, permissions, Role } from "./person.ts";
import { SurfaceId } from "./surface.ts";

/** A channel the bot listens in. What is not listed may do nothing. */
export const Channel = z.strictObject({
  id: Id,
  title: z.string().optional(),
  surface: SurfaceId,
  /** The platform's own channel id. */
  channel: z.string().min(1),
  systems: z.union([z.literal("*"), z.array(Id).min(1)]),
  allow: z.array(z.enum(permissions)).min(1),
  /** Requests for these systems are also shown here. */
  requests: z.boolean().default(false),
  /** Troubles of the bot itself are told here: a platform that is deaf, a token that was revoked. */
  operator: z.boolean().default(false),
});
export type Channel = z.output<typeof Channel>;

/** Where the operators are told of what they have to mend. */
export function operatorPlaces(channels: readonly Channel[]): readonly Place[] {
  return channels.filter(({ operator }) => operator).map(({ surface, channel }) => ({ surface, channel }));
}

/** Which of these systems a channel does not show. */
export function hiddenIn({ systems: shown }: Pick<Channel, "systems">, systems: readonly string[]): readonly string[] {
  return shown === "*" ? [] : systems.filter((system) => !shown.includes(system));
}

/** The channels among these ids in which what concerns all these systems may be read. */
export function readableChannels(
  { channels }: Pick<Policy, "channels">,
  { ids, systems }: { readonly ids: readonly string[]; readonly systems: readonly string[] },
): readonly Channel[] {
  return channels.filter(
    (channel) => ids.includes(channel.id) && channel.allow.includes("read") && hiddenIn(channel, systems).length === 0,
  );
}

/** A role for every enrolled person whose account is in a group of its platform. */
export const GroupGrant = Grant.extend({
  surface: SurfaceId,
  /** The platform's own id of the group, never its name. */
  group: z.string().min(1).max(40),
});
export type GroupGrant = z.output<typeof GroupGrant>;

/** So many different people who hold `approve` through this role. */
export const Slot = z.strictObject({ role: Id, count: z.int().min(1).max(5).default(1) });
export type Slot = z.output<typeof Slot>;

export const Tier = z.strictObject({
  id: Id,
  /** Alternatives; one whose slots are all filled by different people is enough. Empty: no approval is needed. */
  alternatives: z.array(z.array(Slot).min(1)),
  decideBy: z.int().min(1_000),
  /** How long an approved request may still be claimed, in ms. */
  window: z.int().min(1_000),
});
export type Tier = z.output<typeof Tier>;

/** First match wins; fields left out match everything. */
export const TierRule = z.strictObject({
  risk: Risk.optional(),
  direction: Direction.optional(),
  system: Id.optional(),
  operation: Id.optional(),
  tier: Id,
});
export type TierRule = z.output<typeof TierRule>;

/** People and rules in force, read from the store, never from the file. */
export interface Policy {
  /** Changes with any change of people, roles, channels, tiers or rules. */
  readonly revision: string;
  readonly people: readonly Person[];
  readonly roles: readonly Role[];
  readonly groups: readonly GroupGrant[];
  readonly channels: readonly Channel[];
  readonly direct: { readonly allow: readonly Permission[] };
  readonly tiers: readonly Tier[];
  readonly rules: readonly TierRule[];
}

/** Stands for a system where the right on all of them is asked about, there and in the channel. No system is called that. */
export const everySystem = "*";

export type Verdict = { readonly allowed: true } | Refusal;

export interface Refusal {
  readonly allowed: false;
  readonly code: "stranger" | "no-grant" | "channel-closed" | "channel-system" | "channel-permission" | "grant-channel";
  /** One sentence for the person. */
  readonly why: string;
  /** What would change it. */
  readonly remedy: string;
}

export interface AccessQuestion {
  readonly person: Person | undefined;
  readonly permission: Permission;
  /** Left out for what belongs to no system, such as `help`; `everySystem` for what takes the right on all of them. */
  readonly system?: string;
  readonly place: Place;
}

/**
 * May this person do this here? Deny by default; empty means nobody. A grant for some channels holds in those alone: not in
 * others, and not between two.
 */
export function decide(question: AccessQuestion, policy: Policy): Verdict {
  const { person, permission, system, place } = question;
  if (!person) return strangerRefusal();
  const refusedHere = refusedByPlace(question, policy);
  if (refusedHere) return refusedHere;
  const holding = person.grants.filter(
    (grant) => grantGives(grant, permission, policy) && covers(grant.systems, system),
  );
  if (holding.length === 0) return noGrant(person, question, policy);
  const where = { channel: channelAt(place, policy) };
  if (holding.some((grant) => holdsThere(grant, where))) return { allowed: true };
  return {
    allowed: false,
    code: "grant-channel",
    why: `Your right to ${permission} holds only in ${holding
      .flatMap((grant) => grant.channels ?? [])
      .map((id) => channelWords(id, policy))
      .join(", ")}.`,
    remedy: "Ask again in one of those channels.",
  };
}

/** The person with the roles that the groups of the acting account give besides their own. */
export function withGroups(
  person: Person,
  acting: { surface: string; groups: readonly string[] },
  policy: Policy,
): Person {
  const given = policy.groups
    .filter((each) => each.surface === acting.surface && acting.groups.includes(each.group))
    .map(({ role, systems, channels }) => ({ role, systems, ...(channels && { channels }) }));
  return given.length === 0 ? person : { ...person, grants: [...person.grants, ...given] };
}

export interface RoleClaim {
  readonly role: string;
  readonly permission: Permission;
  readonly system: string;
  /** Where it is used: the id of a configured channel, undefined in a conversation of two. A grant may hold in some only. */
  readonly where: "anywhere" | { readonly channel: string | undefined };
}

/** Does this person hold the permission for the system through this role there? */
export function holdsRole(person: Pick<Person, "grants">, claim: RoleClaim, policy: Policy): boolean {
  return person.grants.some(
    (grant) =>
      grant.role === claim.role &&
      grantGives(grant, claim.permission, policy) &&
      covers(grant.systems, claim.system) &&
      holdsThere(grant, claim.where),
  );
}

function holdsThere({ channels }: Grant, where: RoleClaim["where"]): boolean {
  if (!channels || where === "anywhere") return true;
  return where.channel !== undefined && channels.includes(where.channel);
}

/** The id of the configured channel a place is in; undefined for a conversation of two, and where the bot does not work. */
export function channelAt(place: Place, policy: Policy): string | undefined {
  return place.direct ? undefined : configuredChannel(place, policy)?.id;
}

/** What is looked up in the channels of a policy: a list of commands asks for each, and of thousands of channels. */
interface ChannelIndex {
  /** The first of each place. */
  readonly byPlace: ReadonlyMap<string, Channel>;
  /** Names of those that allow a permission, in words. */
  readonly allowing: Map<Permission, string>;
}

const channelIndexes = new WeakMap<Policy["channels"], ChannelIndex>();

function indexOf({ channels }: Policy): ChannelIndex {
  const known = channelIndexes.get(channels);
  if (known) return known;
  const index = { byPlace: new Map(channels.toReversed().map((each) => [placeKey(each), each])), allowing: new Map() };
  channelIndexes.set(channels, index);
  return index;
}

function configuredChannel(place: Place, policy: Policy): Channel | undefined {
  return indexOf(policy).byPlace.get(placeKey(place));
}

function placeKey({ surface, channel }: Pick<Place, "surface" | "channel">): string {
  return `${surface} ${channel}`;
}

/** The tier of an operation: the first rule that matches. No rule is a refusal, never "no approval needed". */
export function tierOf(
  operation: { risk: Risk; direction: Direction; system: string; operation: string },
  policy: Policy,
): Tier | undefined {
  const rule = policy.rules.find(
    (each) =>
      (each.risk ?? operation.risk) === operation.risk &&
      (each.direction ?? operation.direction) === operation.direction &&
      (each.system ?? operation.system) === operation.system &&
      (each.operation ?? operation.operation) === operation.operation,
  );
  return rule && policy.tiers.find((tier) => tier.id === rule.tier);
}

function grantGives(grant: Person["grants"][number], permission: Permission, policy: Policy): boolean {
  return policy.roles.find((role) => role.id === grant.role)?.may.includes(permission) ?? false;
}

function covers(systems: "*" | readonly string[], system: string | undefined): boolean {
  return systems === everySystem || system === undefined || systems.includes(system);
}

/** What an account that belongs to nobody is told, whatever it asks. `surface`: what people call it, where that is known. */
export function strangerRefusal(surface?: string): Refusal {
  return {
    allowed: false,
    code: "stranger",
    why: `${surface === undefined ? "This" : `Your ${surface}`} account belongs to nobody Wardroom knows.`,
    remedy: "Ask an administrator to add your account id to people.yaml.",
  };
}

function refusedByPlace({ permission, system, place }: AccessQuestion, policy: Policy): Refusal | undefined {
  if (place.direct) {
    if (policy.direct.allow.includes(permission)) return undefined;
    return {
      allowed: false,
      code: "channel-permission",
      why: `Direct messages do not allow ${permission}.`,
      remedy: `Ask in a channel that allows it: ${channelsThatAllow(permission, policy)}.`,
    };
  }
  const channel = configuredChannel(place, policy);
  if (!channel) {
    return {
      allowed: false,
      code: "channel-closed",
      why: "Wardroom does not work in this channel.",
      remedy: "Use a channel listed in wardroom.yaml.",
    };
  }
  if (!channel.allow.includes(permission)) {
    return {
      allowed: false,
      code: "channel-permission",
      why: `The channel ${channelWords(channel.id, policy)} does not allow ${permission}.`,
      remedy: `Ask in a channel that allows it: ${channelsThatAllow(permission, policy)}.`,
    };
  }
  if (!covers(channel.systems, system)) {
    return {
      allowed: false,
      code: "channel-system",
      why: `The channel ${channelWords(channel.id, policy)} does not serve ${systemWords(system)}.`,
      remedy: "Ask in a channel that serves it.",
    };
  }
  return undefined;
}

/** What people call a configured channel: its title where it has one, else its id. */
export function channelWords(id: string, { channels }: Pick<Policy, "channels">): string {
  const title = channels.find((each) => each.id === id)?.title;
  return title === undefined ? id : `"${title}"`;
}

/** More names than this are no help. */
const channelsNamed = 8;

function channelsThatAllow(permission: Permission, policy: Policy): string {
  const { allowing } = indexOf(policy);
  const words = allowing.get(permission) ?? namesOf(policy.channels.filter(({ allow }) => allow.includes(permission)));
  allowing.set(permission, words);
  return words;
}

function namesOf(channels: Policy["channels"]): string {
  if (channels.length === 0) return "none is configured";
  const names = channels.slice(0, channelsNamed).map(({ id }) => channelWords(id, { channels }));
  const more = channels.length - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function noGrant(person: Person, { permission, system }: AccessQuestion, policy: Policy): Refusal {
  const roles = policy.roles.filter((role) => role.may.includes(permission)).map((role) => role.id);
  return {
    allowed: false,
    code: "no-grant",
    why: `${person.name} may not ${permission}${onSystem("on", system)}.`,
    remedy:
      roles.length > 0
        ? `It takes the role ${roles.join(" or ")}${onSystem("for", system)}.`
        : "No role gives that permission.",
  };
}

function onSystem(word: string, system: string | undefined): string {
  return system === undefined ? "" : ` ${word} ${systemWords(system)}`;
}

function systemWords(system: string | undefined): string | undefined {
  return system === everySystem ? "every system" : system;
}
