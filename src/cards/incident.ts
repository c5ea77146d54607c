import { type Incident, incidentRoles } from "../domain/incidents/incident.ts";
import type { ShownIncident } from "../domain/incidents/shown-incident.ts";
import { type IncidentTask, taskCode } from "../domain/incidents/task.ts";
import { byItself, type TimelineEntry } from "../domain/incidents/timeline.ts";
import type { Block, Card, CardAction, CardField, ListItem } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { ago, counted, span, wholeItems } from "../domain/text/quantities.ts";
import type { Listed } from "../domain/unreadable.ts";
import { unreadableBlocks } from "./unreadable.ts";

/** One incident with who does what, what fires and waits, what is to be done and the end of its timeline. */
export function incidentCard(shown: ShownIncident, now: number): Card {
  const { incident, timeline, tasks } = shown;
  const { number, title, state } = incident;
  const { entries, isMore, unreadable } = timeline;
  const undone = tasks.filter(({ doneAt }) => doneAt === undefined);
  return {
    tone: state === "open" ? "bad" : "good",
    title: `Incident ${number}: ${title}`,
    summary: standingWords(incident, now),
    blocks: [
      { kind: "fields", fields: [...fieldsOf(incident), ...knownOf(shown, now), ...besidesOf(shown)] },
      ...lacksOf(shown),
      ...(undone.length === 0
        ? []
        : [{ kind: "list" as const, items: undone.slice(0, 10).map((task) => taskItem(task, now)) }]),
      {
        kind: "list",
        items: entries.map((entry) => ({ text: entryText(entry, now), tone: "neutral" as const })),
      },
      ...unreadableBlocks(unreadable),
    ],
    ...(isMore && { footer: "Earlier entries of the timeline are left out here." }),
    actions: actionsOf(incident),
  };
}

function standingWords({ severity, phase, state, openedAt, openedBy, closedAt }: Incident, now: number): string {
  if (state === "open") return `${severity}, ${phase}, open for ${span(now - openedAt)}, declared by ${openedBy.name}.`;
  const lasted = closedAt === undefined ? "" : ` after ${span(closedAt - openedAt)}`;
  return `${severity}, ${phase}${lasted}. It was declared by ${openedBy.name}.`;
}

function fieldsOf({ system, roles, cause, impact }: Incident): CardField[] {
  const given: readonly (readonly [string, string | undefined])[] = [
    ["System", system],
    ...incidentRoles.map((role) => [capital(role), roles[role]?.name] as const),
    ["Cause", cause],
    ["Impact", impact],
  ];
  return given.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/** What others were told last, and when they are to hear again, while it goes on. */
function knownOf({ incident: { state }, update }: ShownIncident, now: number): CardField[] {
  if (state === "closed" || !update) return [];
  const { known, since, checking, nextBy } = update;
  const isLate = nextBy !== undefined && nextBy < now;
  return [
    { name: since === undefined ? "Known" : `Known, since ${since}`, value: known },
    ...(checking === undefined ? [] : [{ name: "Being checked", value: checking }]),
    ...(nextBy === undefined
      ? []
      : [
          {
            name: "Next update",
            value: isLate ? `was due at ${clock(nextBy, now)}` : `due at ${clock(nextBy, now)}`,
            ...(isLate && { tone: "bad" as const }),
          },
        ]),
  ];
}

/** What happens beside it: where people talk, what fires, what waits for somebody. */
function besidesOf({ rooms, firing, requests }: ShownIncident): CardField[] {
  const standing = rooms.flatMap(({ name, surface }) => (name === undefined ? [] : [`${name} (${surface})`]));
  const more = firing.count - firing.worst.length;
  const alerts = `${firing.worst.join("; ")}${more > 0 ? ` and ${more} more` : ""}`;
  return [
    ...(standing.length === 0 ? [] : [{ name: standing.length === 1 ? "Room" : "Rooms", value: standing.join(", ") }]),
    ...(firing.count === 0 ? [] : [{ name: "Firing", value: alerts, tone: "bad" as const }]),
    ...(requests.length === 0
      ? []
      : [{ name: "Waits for approval", value: wholeItems(requests, 200), tone: "warning" as const }]),
  ];
}

function lacksOf({ rooms }: ShownIncident): Block[] {
  const lacks = rooms.flatMap((room) => room.lacks);
  if (lacks.length === 0) return [];
  return [{ kind: "list", items: lacks.slice(0, 6).map((text) => ({ text, tone: "warning" as const })) }];
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

function actionsOf({ number: incident, state }: Incident): readonly CardAction[] {
  if (state === "closed")
    return [
      { label: "Post-mortem", command: "incident postmortem", args: { incident } },
      { label: "Learned…", command: "incident learned", args: { incident }, ask: ["how", "what"] },
      { label: "Reopen…", command: "incident reopen", args: { incident }, ask: ["why"] },
    ];
  return [
    { label: "Note…", command: "incident note", args: { incident }, ask: ["text"] },
    { label: "Update…", command: "incident update", args: { incident }, ask: ["known", "checking", "advice", "next"] },
    { label: "Phase…", command: "incident phase", args: { incident }, ask: ["phase"] },
    { label: "Task…", command: "incident task", args: { incident }, ask: ["text", "owner", "due"] },
    { label: "Resolve…", command: "incident resolve", args: { incident }, ask: ["cause", "impact"] },
  ];
}

/** The card of an incident that somebody else had declared, for whoever declared the same. */
export function declaredBeforeCard(
  card: Card,
  { number, openedBy }: Incident,
  { title, severity, system }: Pick<Incident, "title" | "severity"> & { readonly system: string | undefined },
): Card {
  return {
    ...card,
    summary: `${openedBy.name} declared it just before you, so it is one incident. ${card.summary ?? ""}`,
    actions: [
      ...(card.actions ?? []).slice(0, 4),
      {
        label: "Declare another",
        command: "incident declare",
        args: { title, severity, ...(system !== undefined && { system }), separate: true },
      },
    ],
    footer: `What you said is on the timeline of incident ${number}.`,
  };
}

function taskItem(task: IncidentTask, now: number): ListItem {
  const { text, owner, due } = task;
  const late = due !== undefined && due < now;
  const until = due === undefined ? "" : late ? `, was due ${ago(due, now)}` : `, due ${clock(due, now)}`;
  return { text: `To do ${taskCode(task)}: ${text} (${owner.name}${until})`, tone: late ? "bad" : "warning" };
}

/** What is yet to be done, what is due first. */
export function taskListCard({ found, unreadable }: Listed<IncidentTask>, now: number): Card {
  return {
    tone: found.some(({ due = now }) => due < now) ? "bad" : "neutral",
    title: found.length === 0 ? "Nothing is left to be done" : `${counted(found.length, "task")} of incidents`,
    blocks: [
      ...(found.length === 0 ? [] : [{ kind: "list" as const, items: found.map((task) => taskItem(task, now)) }]),
      ...unreadableBlocks(unreadable),
    ],
    actions: found.slice(0, 5).map((task) => ({
      label: `Done ${taskCode(task)}`,
      command: "incident done",
      args: { task: taskCode(task) },
    })),
  };
}

/** The open incidents, oldest first, with a button for each of the first. */
export function incidentListCard(
  { found: open, unreadable }: Listed<Incident>,
  past: readonly Incident[],
  now: number,
): Card {
  const count = open.length + unreadable.length;
  const list: Block[] = open.length === 0 ? [] : [{ kind: "list", items: open.map((each) => incidentItem(each, now)) }];
  return {
    tone: count === 0 ? "good" : "bad",
    title: count === 0 ? "No incident is open" : counted(count, "open incident"),
    blocks: [
      ...list,
      ...(past.length === 0
        ? []
        : [{ kind: "list" as const, items: past.slice(-20).map((each) => pastItem(each, now)) }]),
      ...unreadableBlocks(unreadable),
    ],
    actions: open.slice(0, 5).map((each) => ({
      label: `Show ${each.number}`,
      command: "incident show",
      args: { incident: each.number },
    })),
  };
}

function pastItem({ number, title, severity, system, openedAt, closedAt = openedAt }: Incident, now: number): ListItem {
  const of = system === undefined ? "" : ` (${system})`;
  return {
    text: `Incident ${number}, ${severity}: ${title}${of}, resolved ${ago(closedAt, now)} after ${span(closedAt - openedAt)}`,
    tone: "neutral",
  };
}

/** One line for a list of incidents. */
export function incidentItem({ number, title, severity, system, openedAt }: Incident, now: number): ListItem {
  return {
    text: `Incident ${number}, ${severity}: ${title}${system === undefined ? "" : ` (${system})`}, declared ${ago(openedAt, now)}`,
    tone: severity === "P0" || severity === "P1" ? "bad" : "warning",
  };
}

function entryText({ at, who, text }: TimelineEntry, now: number): string {
  return `${clock(at, now)} ${who?.name ?? byItself}: ${text}`;
}
