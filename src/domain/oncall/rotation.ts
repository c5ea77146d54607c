import { z } from "zod";
import { MomentInFile, momentIn, WeeklyTime, ZoneName } from "../alerts/quiet-time.ts";
import { ContactsInFile } from "../escalation/escalation-file.ts";
import { Id } from "../people/person.ts";
import { HttpConnection } from "../systems/http-connection.ts";
import { Url } from "../systems/values.ts";

/** One person, or several who are on call together. */
const Turn = z.union([Id, z.array(Id).min(1).max(20)]).transform((turn) => (typeof turn === "string" ? [turn] : turn));

const periodDays: Readonly<Record<string, number>> = { d: 1, w: 7 };

/** Whole days or weeks, so that a hand-over stays at its time of the day over both edges of summer time. The output is days. */
const Period = z
  .string()
  .regex(/^[1-9]\d{0,2}[dw]$/, "a turn is some days or weeks long, for example 1d or 2w")
  .transform((text) => Number.parseInt(text, 10) * (periodDays[text.slice(-1)] ?? 1));

const TimeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "a time of the day is written 09:00");

/** People who take turns. While several layers of a rotation have somebody, the last of them counts. */
const RotationLayer = z.strictObject({
  /** Who takes over from whom, in order, and from the beginning after the last. */
  people: z.array(Turn).min(1).max(100),
  /** The day on which the first of them takes over; nobody of this layer is on call before. */
  from: z.iso.date("a day is written 2026-11-30"),
  /** When one hands over to the next, on the clocks of the rotation's zone. */
  handover: TimeOfDay.default("09:00"),
  /** How long a turn lasts. */
  every: Period.prefault("1w"),
  /** Hours of the week in which this layer is on call; at all hours when left out. */
  times: z.array(WeeklyTime).min(1).optional(),
});
export type RotationLayer = z.output<typeof RotationLayer>;

/** Somebody instead of whom the layers name, from and to a moment. */
const RotationOverride = z
  .strictObject({
    /** Who is on call instead. */
    people: z.array(Id).min(1).max(20),
    from: MomentInFile,
    to: MomentInFile,
  })
  .refine(({ from, to }) => momentIn(from) < momentIn(to), "an override ends after it began");

/** A calendar in iCalendar's format whose entries say who is on call. What it names nobody for is left to the layers. */
const RotationCalendar = z
  .strictObject({
    /** A file, named from the folder of this one. */
    file: z.string().min(1).max(1_000).optional(),
    /** An address that it is fetched from, alone or with its credential: `http` or `https`. */
    url: z.union([Url, HttpConnection]).optional(),
    /** What the calendar calls people, or the address of who is invited, and their ids. Ids and names of people.yaml are known. */
    names: z.record(z.string().min(1).max(200), Id).default({}),
    /** When entries of whole days begin and end, on the clocks of the rotation's zone. */
    handover: TimeOfDay.default("00:00"),
  })
  .refine(({ file, url }) => (file === undefined) !== (url === undefined), "a calendar has a file or an url");
export type RotationCalendar = z.output<typeof RotationCalendar>;

/** Who is on call when. */
export const Rotation = z
  .strictObject({
    id: Id,
    /** As people call it; the id when left out. */
    title: z.string().min(1).max(80).optional(),
    /** IANA name of the zone whose clocks its days and hand-overs go by. */
    zone: ZoneName.default("UTC"),
    layers: z.array(RotationLayer).max(20).default([]),
    /** Where it has one, it counts before the layers. */
    calendar: RotationCalendar.optional(),
    /** Channels that are told who takes over in this rotation, besides those that are told of every one. */
    announce: z.array(Id).default([]),
    /** Exceptions. Of several at one time the last counts; one made in chat counts before any of these. */
    overrides: z.array(RotationOverride).max(1_000).default([]),
  })
  .refine(
    ({ layers, calendar }) => layers.length > 0 || calendar !== undefined,
    "a rotation has layers, a calendar, or both",
  );
export type Rotation = z.output<typeof Rotation>;

/** People and the time for which they are named: from and to a time in ms. */
export interface Override {
  readonly people: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** A rotation with what its calendar said when it could be read last. */
export interface BookedRotation extends Rotation {
  /** Undefined before its calendar was looked at for the first time. */
  readonly shifts?: readonly Override[];
  /** Why its calendar cannot be read, and since when, store time in ms. */
  readonly calendarFault?: { readonly why: string; readonly since: number };
}

/** Who is on call, and who is told of it. */
export const OnCallInFile = z.strictObject({
  /** Each with an id that no person has: either may stand where somebody is called. */
  rotations: z.array(Rotation).max(200).default([]),
  /** System → name in its escalation → who that is here, before what the system's own file says. */
  contacts: ContactsInFile.default({}),
  /** Channels that are told who takes over, each time. */
  announce: z.array(Id).default([]),
});
export type OnCallInFile = z.output<typeof OnCallInFile>;

/** Those that the file has, in its order. */
export function overridesInFile({ overrides }: Rotation): readonly Override[] {
  return overrides.map(({ people, from, to }) => ({ people, from: momentIn(from), to: momentIn(to) }));
}
