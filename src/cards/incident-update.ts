import type { Incident } from "../domain/incidents/incident.ts";
import { escalatedMissed, type IncidentUpdate, type UpdateReminder } from "../domain/incidents/incident-update.ts";
import type { Block, Card, CardAction, CardField } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { ago, counted } from "../domain/text/quantities.ts";

/** What others are told of an incident, in four parts. Whatever nobody said says so. */
export function updateCard(incident: Incident, update: IncidentUpdate, now: number): Card {
  const { number, severity, title, system, state } = incident;
  const { known, since, checking, advice, nextBy, at, by } = update;
  const isOver = state === "closed";
  const next =
    nextBy === undefined || isOver
      ? []
      : [{ kind: "moment" as const, label: "Next update by", at: nextBy } satisfies Block];
  const fields: CardField[] = [
    { name: since === undefined ? "Confirmed" : `Confirmed, since ${since}`, value: known },
    { name: "Being checked", value: checking ?? "nothing that was named" },
    { name: "What to do", value: advice ?? "nothing" },
    ...(nextBy === undefined || isOver
      ? [{ name: "Next update", value: isOver ? "none: it is over" : "when there is news" }]
      : []),
  ];
  return {
    tone: isOver ? "good" : "warning",
    title: `${severity} ${system === undefined ? "" : `${system}: `}${title}`,
    summary: `Update ${update.number} of incident ${number}, ${clock(at, now)}, by ${by.name}.`,
    blocks: [{ kind: "fields", fields }, ...next],
  };
}

/** That an update is due, for those who owe it. */
export function reminderCard(incident: Incident, reminder: UpdateReminder, now: number): Card {
  const { number, title, severity, state } = incident;
  const { missed, dueAt, isEscalated } = reminder;
  const isOver = state === "closed";
  const often = missed === 1 ? "" : ` ${counted(missed, "update")} were missed.`;
  const others = isEscalated ? " Others are called because of that." : "";
  return {
    tone: isOver ? "good" : missed >= escalatedMissed ? "bad" : "warning",
    title: `Incident ${number} owes an update`,
    summary: isOver ? "It is over." : `${severity}, ${title}. It was due ${ago(dueAt, now)}.${often}${others}`,
    blocks: [],
    ...(!isOver && { actions: actionsOf(number) }),
  };
}

function actionsOf(incident: number): readonly CardAction[] {
  return [
    {
      label: "Update…",
      style: "primary",
      command: "incident update",
      args: { incident },
      ask: ["known", "checking", "advice", "next"],
    },
    { label: "Not now", command: "incident snooze", args: { incident } },
  ];
}
