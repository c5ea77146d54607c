import type { IncidentFigures, PostMortem } from "../domain/incidents/post-mortem.ts";
import type { Card } from "../domain/messages/card.ts";
import { rfc3339 } from "../domain/text/moment.ts";
import { counted, span } from "../domain/text/quantities.ts";

/** What of a post-mortem fits a message; the whole is in its files. */
export function postMortemCard(written: PostMortem): Card {
  const { number, title, isOver, supposed, actions, lessons } = written;
  const open = actions.filter(({ doneAt }) => doneAt === undefined);
  const lacks = [
    ...(isOver ? [] : ["It is not over: this is how it stands now."]),
    ...supposed,
    ...(lessons.well.length + lessons.badly.length + lessons.luck.length === 0
      ? ["Nobody has said what went well, badly or was luck: incident learned."]
      : []),
    ...(actions.length === 0 ? ["It has no actions: incident task."] : []),
  ];
  return {
    tone: isOver && lacks.length === 0 ? "good" : "neutral",
    title: `Post-mortem of incident ${number}: ${title}`,
    summary: `${counted(written.timeline.length, "row")} of the timeline, ${counted(open.length, "action")} to be done.`,
    blocks: [
      { kind: "fields", fields: figureFields(written.figures) },
      ...(lacks.length === 0
        ? []
        : [{ kind: "list" as const, items: lacks.map((text) => ({ text, tone: "warning" as const })) }]),
      { kind: "file", file: `incident-${number}.md` },
      { kind: "file", file: `incident-${number}.json` },
    ],
    actions: [
      { label: "Learned…", command: "incident learned", args: { incident: number }, ask: ["how", "what"] },
      { label: "Task…", command: "incident task", args: { incident: number }, ask: ["text", "owner", "due"] },
    ],
  };
}

function figureFields({ detectMs, acknowledgeMs, resolveMs, alerts, requests }: IncidentFigures) {
  return [
    { name: "Time to detect", value: span(detectMs) },
    { name: "Time to acknowledge", value: acknowledgeMs === undefined ? "nobody did" : span(acknowledgeMs) },
    { name: "Time to resolve", value: resolveMs === undefined ? "not yet" : span(resolveMs) },
    { name: "Alerts", value: String(alerts) },
    { name: "Requests", value: String(requests) },
  ];
}

/** The whole of a post-mortem as Markdown. What people and systems wrote in it is plain text there. */
export function postMortemMarkdown(written: PostMortem): string {
  const { number, title, severity, system, isOver, declaredBy, roles, trigger, figures } = written;
  const who = Object.entries(roles).map(([role, name]) => `${role} ${plain(name ?? "")}`);
  const triggered = trigger
    ? `${plain(trigger.summary)} (alert ${trigger.code}) fired first, ${rfc3339(trigger.at)}.`
    : "No alert of the system fired: people saw it first.";
  return [
    `# Incident ${number}: ${plain(title)}`,
    "",
    ...(isOver ? [] : ["**It is not over: this is how it stands now.**", ""]),
    "## Summary",
    "",
    `${severity}${system === undefined ? "" : `, ${plain(system)}`}, declared by ${plain(declaredBy)} ${rfc3339(written.declaredAt)}${written.resolvedAt === undefined ? "" : `, resolved ${rfc3339(written.resolvedAt)}`}. ${who.length === 0 ? "" : `Roles: ${who.join(", ")}.`}`,
    "",
    ...listed("Confirmed", written.confirmed),
    ...listed("Supposed", written.supposed),
    "## Impact in figures",
    "",
    ...figureFields(figures).map(({ name, value }) => `- ${name}: ${value}`),
    "",
    "## Detection and trigger",
    "",
    triggered,
    "",
    "## Timeline",
    "",
    "| when | after | who | what | from |",
    "| --- | --- | --- | --- | --- |",
    ...written.timeline.map(rowOf),
    "",
    ...listed(
      "Requests, each with its link of the journal",
      written.requests.map(
        ({ who: by, text, source }) => `${by}: ${text}${source === undefined ? "" : ` (${source})`}`,
      ),
    ),
    ...listed("What went well", written.lessons.well),
    ...listed("What went badly", written.lessons.badly),
    ...listed("What was luck", written.lessons.luck),
    ...listed("Actions", written.actions.map(actionOf)),
  ].join("\n");
}

function rowOf({ at, afterMs, who, text, source }: PostMortem["timeline"][number]): string {
  const after = afterMs < 0 ? `-${span(-afterMs)}` : span(afterMs);
  return `| ${rfc3339(at)} | ${after} | ${plain(who)} | ${plain(text)} | ${source ?? "written by hand"} |`;
}

function actionOf({ code, text, owner, due, doneAt }: PostMortem["actions"][number]): string {
  const until = due === undefined ? "no due date" : `due ${rfc3339(due)}`;
  return `${code} ${text}: ${owner}, ${doneAt === undefined ? until : `done ${rfc3339(doneAt)}`}`;
}

function listed(heading: string, items: readonly string[]): readonly string[] {
  return [
    `## ${heading}`,
    "",
    ...(items.length === 0 ? ["Nothing was said."] : items.map((each) => `- ${plain(each)}`)),
    "",
  ];
}

/** Nothing of it is read as Markdown or HTML. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[\\`*_{}[\]<>#|~!&]/g, (sign) => `\\${sign}`);
}
