import type { Card, CardField } from "../domain/messages/card.ts";
import type { GivenOverride } from "../domain/oncall/given-override.ts";
import type { HandOver } from "../domain/oncall/hand-over.ts";
import type { nextChange, OnCall } from "../domain/oncall/on-call.ts";
import type { BookedRotation } from "../domain/oncall/rotation.ts";
import { clock } from "../domain/text/moment.ts";
import { counted, span } from "../domain/text/quantities.ts";

/** Who is on call in one rotation, and who is next. */
export interface RotationNow extends OnCall {
  readonly id: string;
  readonly title: string;
  /** The systems whose critical alerts call them. */
  readonly systems: readonly string[];
  readonly next: ReturnType<typeof nextChange>;
  /** Why its calendar cannot be read, and since when. */
  readonly fault?: BookedRotation["calendarFault"];
}

/** Somebody's name by their id. */
type NameOf = (id: string) => string;

/** Who is on call now, a line each rotation; and of systems that call people without one. */
export function onCallCard(
  rotations: readonly RotationNow[],
  others: readonly { readonly system: string; readonly people: readonly string[] }[],
  { now, nameOf }: { readonly now: number; readonly nameOf: NameOf },
): Card {
  const uncovered = rotations.filter(({ people }) => people.length === 0);
  const fields: CardField[] = [
    ...rotations.map((each) => ({ name: each.title, value: rotationWords(each, now, nameOf) })),
    ...others.map(({ system, people }) => ({ name: system, value: `${namesOf(people, nameOf)}, at all times` })),
  ];
  if (fields.length === 0)
    return {
      tone: "warning",
      title: "Nobody is on call",
      summary: "Neither a rotation nor anybody to call is configured: see oncall and alerts.onCall in wardroom.yaml.",
      blocks: [],
    };
  return {
    tone: uncovered.length > 0 ? "bad" : rotations.some(({ fault }) => fault) ? "warning" : "neutral",
    title: titleOf(rotations, uncovered, nameOf),
    ...(uncovered.length > 0 && {
      summary: "What is critical there calls nobody by name. Put somebody on call with oncall override.",
    }),
    blocks: [{ kind: "fields", fields }],
    actions: rotations.slice(0, 3).map(({ id, title }) => ({
      label: rotations.length === 1 ? "Override…" : `Override ${title}…`,
      command: "oncall override",
      args: { rotation: id },
      ask: ["person", "for"],
    })),
  };
}

function titleOf(rotations: readonly RotationNow[], uncovered: readonly RotationNow[], nameOf: NameOf): string {
  if (uncovered.length > 0) return `Nobody is on call for ${uncovered.map(({ title }) => title).join(", ")}`;
  const people = [...new Set(rotations.flatMap((each) => each.people))];
  if (people.length === 0 || people.length > 3) return `Who is on call in ${counted(rotations.length, "rotation")}`;
  return `${namesOf(people, nameOf)} ${people.length === 1 ? "is" : "are"} on call`;
}

function rotationWords({ people, isOverride, systems, next, fault }: RotationNow, now: number, nameOf: NameOf): string {
  const who = people.length === 0 ? "nobody" : `${namesOf(people, nameOf)}${isOverride ? " (override)" : ""}`;
  const then = next?.people.length === 0 ? "nobody" : namesOf(next?.people ?? [], nameOf);
  const until = next ? ` until ${clock(next.at, now)} (in ${span(next.at - now)}), then ${then}` : "";
  const calledFor = systems.length === 0 ? "" : `; called for ${systems.join(", ")}`;
  const unread = fault
    ? `. Its calendar cannot be read since ${clock(fault.since, now)}, so what it said last counts: ${fault.why}`
    : "";
  return `${who}${until}${calledFor}${unread}`;
}

function namesOf(people: readonly string[], nameOf: NameOf): string {
  return people.map(nameOf).join(", ");
}

/** Somebody stands in from now on, or from a time to come. */
export function overriddenCard(
  override: GivenOverride,
  { title, now, nameOf }: { readonly title: string; readonly now: number; readonly nameOf: NameOf },
): Card {
  const { people, from, to, rotation } = override;
  const begins = from > now ? `from ${clock(from, now)} ` : "";
  return {
    tone: "good",
    title: `${namesOf(people, nameOf)} on call for ${title}`,
    summary: `Instead of whom the rotation names, ${begins}until ${clock(to, now)}, for ${span(to - from)}.`,
    blocks: [],
    actions: [{ label: "Take it back", command: "oncall revert", args: { rotation } }],
  };
}

/** Overrides of a rotation were ended. */
export function revertedCard(title: string, count: number, people: readonly string[], nameOf: NameOf): Card {
  return {
    tone: people.length === 0 ? "warning" : "good",
    title: people.length === 0 ? `Nobody is on call for ${title}` : `${namesOf(people, nameOf)} on call for ${title}`,
    summary: `${counted(count, "override")} made in chat ${count === 1 ? "is" : "are"} over.`,
    blocks: [],
  };
}

/** Somebody has taken over. */
export function handOverCard({ title, people, before, isOverride }: HandOver): Card {
  const from = before.length === 0 ? "Nobody was before." : `Until now: ${called(before)}.`;
  if (people.length === 0)
    return {
      tone: "bad",
      title: `Nobody is on call for ${title} any more`,
      summary: `${from} What is critical there calls nobody by name. Put somebody on call with oncall override.`,
      blocks: [],
    };
  return {
    tone: "neutral",
    title: `${called(people)} on call for ${title} now`,
    summary: `${from}${isOverride ? " It is an override of the rotation." : ""}`,
    blocks: [],
    actions: [{ label: "Who is on call", command: "oncall", args: {} }],
  };
}

function called(people: HandOver["people"]): string {
  return people.map(({ name }) => name).join(", ");
}
