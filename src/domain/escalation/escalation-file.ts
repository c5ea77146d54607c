import { z } from "zod";
import { Weekday, ZoneName } from "../alerts/quiet-time.ts";
import { Id } from "../people/person.ts";
import { HttpConnection } from "../systems/http-connection.ts";
import { Url } from "../systems/values.ts";
import { Duration } from "../text/duration.ts";

const line = z.string().min(1).max(200);

/** A service that sends text messages or rings: what is paged is posted to it as JSON. */
export const PageHook = z.strictObject({
  /** An address alone, or with its credential. */
  to: z.union([Url, HttpConnection]),
  /** What is posted besides `key` and `text`, as the service calls it: `{text}`, `{title}`, `{system}`, `{level}` and `{key}` are filled in. */
  fields: z.record(z.string().min(1).max(100), z.string().max(1_000)).default({}),
});
export type PageHook = z.output<typeof PageHook>;

/** Who stands behind a name of a matrix, and how they are reached. */
export const EscalationContact = z.strictObject({
  /** As the manual calls them; the name in the matrix when left out. */
  title: z.string().min(1).max(80).optional(),
  /** Ids of people, and of rotations for whoever of them is on call. */
  people: z.array(Id).min(1).max(50).optional(),
  /** Everybody who has one of these roles on the system. */
  roles: z.array(Id).min(1).max(20).optional(),
  /** Ids of channels that are told as well. */
  channels: z.array(Id).min(1).max(20).optional(),
  /** `mention`: by name where the alert is told. `direct`: in a message to each of their accounts, on every platform. */
  by: z
    .array(z.enum(["mention", "direct"]))
    .min(1)
    .optional(),
  /** Services for text messages and calls. */
  webhooks: z.array(PageHook).min(1).max(10).optional(),
  /** To be called by people: it is shown, and nothing is done with it. */
  phone: line.optional(),
  email: line.optional(),
});
export type EscalationContact = z.output<typeof EscalationContact>;

const leastRepeatMs = 60_000;

/** Who is told, and when. Time is counted while nobody has the alert, from when it was first told. */
export const EscalationLevel = z
  .strictObject({
    /** How long nobody has had it by then; at once when left out. */
    after: Duration.optional(),
    /** At a time of the day, each day for as long as nobody has it, instead of `after`. */
    daily: z
      .string()
      .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "a time of the day is written 09:00")
      .optional(),
    /** The days of `daily`; every day when left out. */
    weekdays: z.array(Weekday).min(1).optional(),
    /** Once more so often, for as long as nobody has it. */
    every: Duration.optional(),
    /** Names below `contacts`. */
    contacts: z.array(Id).min(1).max(20),
  })
  .refine(({ after, daily }) => after === undefined || daily === undefined, "a level has after or daily, not both")
  .refine(({ daily, weekdays }) => weekdays === undefined || daily !== undefined, "weekdays are those of daily")
  .refine(({ daily, every }) => every === undefined || daily === undefined, "daily comes back by itself")
  .refine(({ every = leastRepeatMs }) => every >= leastRepeatMs, "a level is repeated once a minute at the most");

/** One class of a matrix: which alerts are of it, its targets, and whom it calls when. */
export const EscalationClassInFile = z
  .strictObject({
    /** As the manual calls it: `P1`. */
    id: z.string().regex(/^[A-Za-z][\w-]{0,19}$/, "a class is one word, as P1"),
    title: z.string().min(1).max(80).optional(),
    /** Severities that are of it: a source's own word, or critical, warning or info. */
    severities: z.array(z.string().min(1).max(40)).min(1).optional(),
    /** Which alerts are of it, in Alertmanager's syntax, whatever their severity unless that stands here too. */
    match: z.string().min(1).max(2_000).optional(),
    /** How soon somebody has to have it, and how soon it has to be over, by the manual. */
    respond: Duration.optional(),
    resolve: Duration.optional(),
    levels: z.array(EscalationLevel).min(1).max(10),
  })
  .refine(
    ({ severities, match }) => severities !== undefined || match !== undefined,
    "a class has severities, match, or both",
  )
  .refine(({ levels }) => isAscending(levels), "each level comes later than the one before it");

function isAscending(levels: readonly z.output<typeof EscalationLevel>[]): boolean {
  const after = levels.filter(({ daily }) => daily === undefined).map(({ after: ms = 0 }) => ms);
  return after.every((ms, at) => at === 0 || ms > (after[at - 1] ?? 0));
}

/** Who is called when nobody has an alert of a system: the manual's matrix. */
export const EscalationInFile = z.strictObject({
  /** IANA name of the zone whose clocks `daily` goes by. */
  zone: ZoneName.default("UTC"),
  contacts: z.record(Id, EscalationContact).default({}),
  /** The first that an alert is of counts; one of none is not escalated. */
  classes: z.array(EscalationClassInFile).min(1).max(20),
});
export type EscalationInFile = z.output<typeof EscalationInFile>;

/** System → name in its matrix → who that is here. What stands here counts before the system's own file. */
export const ContactsInFile = z.record(Id, z.record(Id, EscalationContact));
export type ContactsInFile = z.output<typeof ContactsInFile>;
