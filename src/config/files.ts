import { z } from "zod";
import { AlertsInFile } from "../domain/alerts/routing.ts";
import { DigestsInFile } from "../domain/digests/digest.ts";
import { IncidentsInFile } from "../domain/incidents/incidents-file.ts";
import { OnCallInFile } from "../domain/oncall/rotation.ts";
import { Permission, Person, Role } from "../domain/people/person.ts";
import { Channel, GroupGrant, Tier, TierRule } from "../domain/people/policy.ts";
import type { SurfaceTraits } from "../domain/people/surface.ts";
import { Duration } from "../domain/text/duration.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const words = [
  { ms: day, unit: "d" },
  { ms: hour, unit: "h" },
  { ms: minute, unit: "m" },
  { ms: 1_000, unit: "s" },
];

/** Milliseconds as a config writes them: `15m`. */
function inWords(ms: number): string {
  const { ms: size, unit } = words.find((each) => ms % each.ms === 0) ?? { ms: 1, unit: "ms" };
  return `${ms / size}${unit}`;
}

/** A duration within bounds, in milliseconds. */
function durationBetween(least: number, most: number) {
  const outside = `a duration here is from ${inWords(least)} to ${inWords(most)}`;
  return z.int(outside).min(least, outside).max(most, outside);
}

/** A tier as a file writes it: durations as text. */
export const TierInFile = Tier.extend({
  /** How long people have to decide after it was asked. */
  decideBy: Duration.prefault("15m").pipe(durationBetween(1_000, 7 * day)),
  /** How long an approved request may still begin. */
  window: Duration.prefault("5m").pipe(durationBetween(1_000, day)),
});

/** How often metrics are read for charts, and how long what was read is kept. */
export const HistoryInFile = z.strictObject({
  every: Duration.prefault("15s").pipe(durationBetween(1_000, hour)),
  keep: Duration.prefault("24h").pipe(durationBetween(minute, 31 * day)),
});

/** What direct conversations with the bot may do; nothing unless it says so. */
export const Direct = z.strictObject({ allow: z.array(Permission).default([]) });

/** Who has to agree: tiers, and the rules that give each operation its tier. The first rule that fits counts. */
export const PolicyInFile = z.strictObject({
  tiers: z.array(TierInFile).min(1),
  rules: z.array(TierRule).min(1),
});

/** The Slack workspace the bot works in. Its tokens are in the environment. */
export const SlackInFile = z.strictObject({
  /** `T…`. The token's own when left out; another token than of this workspace is refused. */
  team: z
    .string()
    .regex(/^[TE][A-Z0-9]{2,20}$/, "a workspace id starts with T")
    .optional(),
  /** A channel with one standing message that is edited every minute, to prove that the bot is seen in time, and hears. */
  selfCheck: z
    .string()
    .regex(/^[CG][A-Z0-9]{2,20}$/, "a channel id starts with C")
    .optional(),
});

/** The Discord server the bot works in. Its token and the server's id are in the environment. */
export const DiscordInFile = z.strictObject({
  selfCheck: z
    .string()
    .regex(/^\d{17,20}$/, "a channel id has 17 to 20 digits")
    .optional(),
});

/** `wardroom.yaml`: where the bot listens and who has to agree to what. */
export const WardroomFile = z.strictObject({
  /** The form of this file. */
  version: z.literal(1),
  roles: z.array(Role).min(1),
  /** Roles that membership of a platform's group gives: a Slack user group, a Discord role. */
  groups: z.array(GroupGrant).default([]),
  channels: z.array(Channel).min(1),
  direct: Direct.prefault({}),
  policy: PolicyInFile,
  alerts: AlertsInFile.prefault({}),
  oncall: OnCallInFile.prefault({}),
  digests: DigestsInFile.prefault({}),
  incidents: IncidentsInFile.prefault({}),
  history: HistoryInFile.prefault({}),
  slack: SlackInFile.prefault({}),
  discord: DiscordInFile.prefault({}),
  /** Runs the simulated systems too, so that their commands can be tried where people already talk. */
  demoSystems: z.boolean().default(false),
});
export type WardroomFile = z.output<typeof WardroomFile>;

/** `people.yaml`: who is who, with which accounts and which roles. */
export const PeopleFile = z.strictObject({
  people: z.array(Person).min(1),
});
export type PeopleFile = z.output<typeof PeopleFile>;

/** The files where these surfaces are known. A channel, account or group of another is refused, with those that there are. */
export function filesWith(surfaces: readonly SurfaceTraits[]) {
  const known = z.enum(surfaces.map(({ id }) => id));
  const grouped = z.enum(surfaces.filter(({ hasGroups }) => hasGroups).map(({ id }) => id));
  const accounts = z.partialRecord(known, Person.shape.accounts.valueType);
  const wardroom = WardroomFile.extend({
    channels: z.array(Channel.extend({ surface: known })).min(1),
    groups: z.array(GroupGrant.extend({ surface: grouped })).default([]),
  });
  const people = PeopleFile.extend({ people: z.array(Person.extend({ accounts })).min(1) });
  return { WardroomFile: wardroom, PeopleFile: people };
}

/** A file of which something was left out, as where it has mistakes: the lists that may not be empty in one that is used may be. */
export function filesInPart({ WardroomFile: wardroom, PeopleFile: people }: ReturnType<typeof filesWith>) {
  const { tiers, rules } = PolicyInFile.shape;
  return {
    WardroomFile: wardroom.extend({
      version: wardroom.shape.version.prefault(1),
      roles: z.array(wardroom.shape.roles.element),
      channels: z.array(wardroom.shape.channels.element),
      policy: z.strictObject({ tiers: z.array(tiers.element), rules: z.array(rules.element) }),
    }),
    PeopleFile: people.extend({ people: z.array(people.shape.people.element) }),
  };
}
