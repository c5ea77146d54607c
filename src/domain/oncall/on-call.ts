import { Temporal } from "temporal-polyfill";
import { isWithin, type WeeklyTime } from "../alerts/quiet-time.ts";
import { zonedAt } from "../text/moment.ts";
import { type BookedRotation, type Override, overridesInFile, type RotationLayer } from "./rotation.ts";

/** Every rotation, with the overrides that were made in chat, the oldest first. */
export interface OnCallBook {
  readonly rotations: readonly BookedRotation[];
  readonly given: ReadonlyMap<string, readonly Override[]>;
}

/** Who is on call, and why it is they. */
export interface OnCall {
  /** Ids of people; none where nobody is. */
  readonly people: readonly string[];
  /** They stand in for whom the layers name. */
  readonly isOverride: boolean;
}

/** So far ahead a change of who is on call is looked for, in days. */
const aheadDays = 92;
const dayMs = 86_400_000;

/** Who is on call at a time in ms; overrides that are given besides count before those of the file, the last of them first. */
export function onCallAt(rotation: BookedRotation, at: number, given: readonly Override[] = []): OnCall {
  return onCallAmong(rotation, at, [...overridesInFile(rotation), ...given]);
}

function onCallAmong(
  { layers, zone, shifts = [] }: BookedRotation,
  at: number,
  overrides: readonly Override[],
): OnCall {
  const override = overrides.findLast(({ from, to }) => from <= at && at < to);
  if (override) return { people: override.people, isOverride: true };
  const entered = new Set(shifts.filter(({ from, to }) => from <= at && at < to).flatMap(({ people }) => people));
  if (entered.size > 0) return { people: [...entered].toSorted(), isOverride: false };
  const turns = layers.map((layer) => turnAt(layer, zone, at));
  return { people: turns.findLast((turn) => turn.length > 0) ?? [], isOverride: false };
}

/** The people that are meant by ids of people and of rotations, at a time in ms. */
export function peopleOnCall({ rotations, given }: OnCallBook, ids: readonly string[], at: number): readonly string[] {
  return ids.flatMap((id) => {
    const rotation = rotations.find((each) => each.id === id);
    return rotation ? onCallAt(rotation, at, given.get(id)).people : [id];
  });
}

/** When others are on call than at a time in ms, and who; undefined where that is not so within 92 days. */
export function nextChange(
  rotation: BookedRotation,
  at: number,
  given: readonly Override[] = [],
): ({ readonly at: number } & OnCall) | undefined {
  const overrides = [...overridesInFile(rotation), ...given];
  const now = onCallAmong(rotation, at, overrides);
  const moments = [
    ...[...overrides, ...(rotation.shifts ?? [])].flatMap(({ from, to }) => [from, to]),
    ...rotation.layers.flatMap((layer) => edgesOf(layer, rotation.zone, at)),
  ]
    .filter((moment) => moment > at && moment <= at + aheadDays * dayMs)
    .toSorted((one, other) => one - other);
  for (const moment of new Set(moments)) {
    const then = onCallAmong(rotation, moment, overrides);
    if (then.people.join() !== now.people.join()) return { at: moment, ...then };
  }
  return undefined;
}

function turnAt(layer: RotationLayer, zone: string, at: number): readonly string[] {
  if (layer.times && !layer.times.some((time) => isWithin(time, at))) return [];
  const days = dutyDay(layer, zone, at);
  if (days < 0) return [];
  return layer.people[Math.floor(days / layer.every) % layer.people.length] ?? [];
}

/** How many whole days after its first hand-over; a day goes from one hand-over to the next. Below 0 before the first. */
function dutyDay(layer: RotationLayer, zone: string, at: number): number {
  const today = zonedAt(at, zone).toPlainDate();
  const days = Temporal.PlainDate.from(layer.from).until(today, { largestUnit: "days" }).days;
  return at < handoverOn(layer, zone, today) ? days - 1 : days;
}

/** A time that the clocks leave out is the one after it, and of one that comes twice the first. */
function handoverOn({ handover }: RotationLayer, zone: string, date: Temporal.PlainDate): number {
  return date.toZonedDateTime({ timeZone: zone, plainTime: handover }).epochMilliseconds;
}

/** Moments at which another may be on call by this layer: hand-overs, and the edges of its hours. */
function edgesOf(layer: RotationLayer, zone: string, at: number): readonly number[] {
  const first = Temporal.PlainDate.from(layer.from);
  const done = Math.max(0, Math.floor(dutyDay(layer, zone, at) / layer.every));
  const handovers = Array.from({ length: Math.ceil(aheadDays / layer.every) + 2 }, (_, step) =>
    handoverOn(layer, zone, first.add({ days: (done + step) * layer.every })),
  );
  return [...handovers, ...(layer.times ?? []).flatMap((time) => weeklyEdges(time, at))];
}

function weeklyEdges({ zone, from, to }: WeeklyTime, at: number): readonly number[] {
  const today = zonedAt(at, zone).toPlainDate();
  return Array.from({ length: aheadDays }, (_, day) => today.add({ days: day })).flatMap((date) => [
    edgeOn(date, from, zone),
    edgeOn(date, to, zone),
  ]);
}

function edgeOn(date: Temporal.PlainDate, time: string, timeZone: string): number {
  return time === "24:00"
    ? date.add({ days: 1 }).toZonedDateTime({ timeZone }).epochMilliseconds
    : date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
}
