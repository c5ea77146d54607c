import { z } from "zod";
import { endOverrides, overrideRotation } from "../acts/oncall/override.ts";
import { onCallCard, overriddenCard, type RotationNow, revertedCard } from "../cards/on-call.ts";
import { type CommandContext, defineCommand, doneBy } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { OnCallBook } from "../domain/oncall/on-call.ts";
import type { Rotation } from "../domain/oncall/rotation.ts";
import { type Person, personName, personOf } from "../domain/people/person.ts";
import { nearest } from "../domain/text/distance.ts";
import { parseMoment } from "../domain/text/moment.ts";
import { rotationsAt } from "../reads/on-call.ts";
import { lastingField, lastingMs, readableSystems } from "./fields.ts";

const day = 86_400_000;
/** An override in chat is for a day that somebody is away; a longer one is written into the file. */
const longestMs = 14 * day;

const rotation = z.string().min(1).max(40).meta({
  label: "Rotation",
  help: "Its id; the only one when left out",
});

/** Who is called for what is critical, until when, and who is next. */
export const oncall = defineCommand({
  name: "oncall",
  summary: "Who is on call now, until when, and who is next",
  permission: "read",
  examples: ["oncall"],
  input: z.object({
    rotation: rotation.meta({ positional: true, help: "Its id; all of them when left out" }).optional(),
  }),
  async run(input, context) {
    const { now } = context.invocation;
    const { onCall, book } = context.routing;
    const all = await rotationsAt(context.store, book, now);
    const only = input.rotation === undefined ? undefined : rotationNamed(book, input.rotation).id;
    const readable = readableSystems(context).map(({ id }) => id);
    const calls = [...onCall].filter(([system]) => readable.includes(system));
    const isRotation = (id: string): boolean => book.rotations.some((each) => each.id === id);
    const others = calls.map(([system, ids]) => ({ system, people: ids.filter((id) => !isRotation(id)) }));
    const shown = all
      .filter(({ rotation: { id } }) => only === undefined || id === only)
      .map(
        ({ rotation: each, ...at }): RotationNow => ({
          id: each.id,
          title: titleOf(each),
          ...(each.calendarFault && { fault: each.calendarFault }),
          systems: calls.flatMap(([system, ids]) => (ids.includes(each.id) ? [system] : [])),
          ...at,
        }),
      );
    const besides = input.rotation === undefined ? others.filter(({ people }) => people.length > 0) : [];
    return { card: onCallCard(shown, besides, { now, nameOf: nameIn(context) }) };
  },
});

/** Changes whom alerts call, and nobody's rights. */
export const oncallOverride = defineCommand({
  name: "oncall override",
  summary: "Put somebody on call instead of whom a rotation names, for a time",
  permission: "respond",
  examples: ["oncall override me for:4h"],
  input: z.object({
    person: z.string().min(1).max(80).meta({
      label: "Person",
      help: "Who is on call instead: me, or an id or a name of people.yaml",
      positional: true,
      suggest: "people",
    }),
    for: lastingField(longestMs),
    from: z.string().max(40).optional().meta({ label: "From", help: "2026-12-24T18:00+01:00; now when left out" }),
    rotation: rotation.optional(),
  }),
  async run(input, context) {
    const { now } = context.invocation;
    const chosen = rotationNamed(context.routing.book, input.rotation);
    const person = personNamed(context, input.person);
    const from = input.from === undefined ? now : momentToCome(input.from, now);
    const lastsMs = lastingMs(input.for, {
      from,
      mostMs: longestMs,
      instead: "Write it into wardroom.yaml, under overrides.",
    });
    const asked = { rotation: chosen.id, people: [person.id], from, to: from + lastsMs };
    const override = await overrideRotation(context.store, asked, doneBy(context.invocation));
    return { card: overriddenCard(override, { title: titleOf(chosen), now, nameOf: nameIn(context) }) };
  },
});

/** What the file has stays: it is changed there. */
export const oncallRevert = defineCommand({
  name: "oncall revert",
  summary: "End the overrides of a rotation that were made in chat",
  permission: "respond",
  examples: ["oncall revert"],
  input: z.object({ rotation: rotation.meta({ positional: true }).optional() }),
  async run(input, context) {
    const chosen = rotationNamed(context.routing.book, input.rotation);
    const count = await endOverrides(context.store, chosen.id, doneBy(context.invocation));
    if (count === 0)
      throw new UserError(
        `No override of ${titleOf(chosen)} was made in chat.`,
        "oncall shows who is on call. Overrides in wardroom.yaml are changed there.",
      );
    const now = await context.store.now();
    const all = await rotationsAt(context.store, context.routing.book, now);
    const after = all.find(({ rotation: { id } }) => id === chosen.id);
    return { card: revertedCard(titleOf(chosen), count, after?.people ?? [], nameIn(context)) };
  },
});

function titleOf({ id, title }: Rotation): string {
  return title ?? id;
}

function nameIn({ people }: CommandContext): (id: string) => string {
  const { people: known } = people.policy();
  return (id) => personName(id, known);
}

function rotationNamed({ rotations }: OnCallBook, name: string | undefined): Rotation {
  const ids = rotations.map(({ id }) => id);
  const [only] = rotations;
  if (!only)
    throw new UserError("There is no rotation.", "Rotations stand under oncall in wardroom.yaml: docs/on-call.md.");
  if (name === undefined) {
    if (rotations.length === 1) return only;
    throw new UserError("Which rotation?", `Give rotation: one of ${ids.join(", ")}.`);
  }
  const wanted = name.toLowerCase();
  const found = rotations.find((each) => each.id === wanted || each.title?.toLowerCase() === wanted);
  if (found) return found;
  const meant = nearest(wanted, ids);
  throw new UserError(
    `There is no rotation called ${name}.`,
    meant === undefined ? `There is ${ids.join(", ")}.` : `Did you mean ${meant}?`,
  );
}

/** By id, by name, or by an account as a platform writes a mention of it. */
export function personNamed({ people, invocation }: CommandContext, text: string): Person {
  const known = people.policy().people;
  const wanted = text.trim().toLowerCase();
  if (wanted === "me") return invocation.person;
  const [, account] = /^<@!?([A-Za-z0-9]+)(?:\|[^>]*)?>$/.exec(text.trim()) ?? [];
  const mentioned = account && personOf({ surface: invocation.place.surface, id: account }, known);
  if (mentioned) return mentioned;
  const found = known.filter(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
  const [person, other] = found;
  if (person && !other) return person;
  if (person) throw new UserError(`${text} is the name of several people.`, `Give an id: ${idsOf(found)}.`);
  const meant = nearest(
    wanted,
    known.map(({ id }) => id),
  );
  throw new UserError(
    `Nobody is known as ${text}.`,
    meant === undefined ? "Give an id of people.yaml." : `Did you mean ${meant}?`,
  );
}

function idsOf(people: readonly Person[]): string {
  return people.map(({ id }) => id).join(", ");
}

function momentToCome(text: string, now: number): number {
  const at = parseMoment(text, now);
  if (at === undefined) throw new UserError(`from: does not understand ${text}.`, "Write 2026-12-24T18:00+01:00.");
  if (at < now - day) throw new UserError(`from:${text} has long passed.`, "Give a time to come, or leave it out.");
  return at;
}
