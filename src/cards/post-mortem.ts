import type { MeasuredLine } from "../domain/incidents/measured.ts";
import type { IncidentFigures, PostMortem } from "../domain/incidents/post-mortem.ts";
import type { RequestReceipt } from "../domain/incidents/receipt.ts";
import type { Block, Card, CardField } from "../domain/messages/card.ts";
import { rfc3339 } from "../domain/text/moment.ts";
import { amount, counted, inFull, span } from "../domain/text/quantities.ts";
import { severityWord } from "./metric-words.ts";

/** More of what was measured is in the files alone. */
const mostMeasured = 6;

/** The course of one thing that alerts of an incident rest on: drawn into a file, or why it was not. */
export interface DrawnCourse {
  readonly title: string;
  readonly picture: { readonly file: { readonly name: string } } | { readonly why: string };
}

/** What of a post-mortem fits a message; the whole is in its files. */
export function postMortemCard(written: PostMortem, courses: readonly DrawnCourse[]): Card {
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
      { kind: "fields", fields: [...figureFields(written.figures), ...measuredFields(written)] },
      ...courses.map(courseBlock),
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

function courseBlock({ title, picture }: DrawnCourse): Block {
  return "file" in picture
    ? { kind: "image", file: picture.file.name, alt: `${title} over the time of the incident` }
    : { kind: "text", text: `${title}: ${picture.why}` };
}

function measuredFields({ measured }: PostMortem): readonly CardField[] {
  return measured.slice(0, mostMeasured).map((each) => {
    const { worst, unit, passed } = each;
    const past = passed ? ` (${severityWord(passed.severity)} ${passed.side} ${amount(passed.at, unit)})` : "";
    return { name: nameOf(each), value: `worst ${amount(worst.value, unit)}${past}`, ...(passed && { tone: "bad" }) };
  });
}

function nameOf({ metric, line }: MeasuredLine): string {
  return line === "" ? metric : `${metric}, ${line}`;
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
export function postMortemMarkdown(written: PostMortem, courses: readonly DrawnCourse[]): string {
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
    ...written.measured.map((each) => `- ${plain(measuredWords(each))}`),
    "",
    ...courses.flatMap(chartLines),
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
    "## Requests, each with its receipt",
    "",
    ...(written.requests.length === 0 ? ["Nothing was asked for.", ""] : written.requests.flatMap(receiptLines)),
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

/** With every digit that was read: somebody may have to answer for it. */
function measuredWords(each: MeasuredLine): string {
  const { unit, before, worst, last, passed, passedMs } = each;
  const value = (read: number): string => `${inFull(read)}${unit === "" ? "" : ` ${unit}`}`;
  const past = passed
    ? `; past ${severityWord(passed.severity)} (${passed.side} ${value(passed.at)}) for at least ${span(passedMs)}`
    : "; past no limit";
  return `${nameOf(each)}: ${before ? `${value(before.value)} before, ` : ""}worst ${value(worst.value)} at ${rfc3339(worst.at)}, ${value(last.value)} at the end${past}`;
}

function chartLines({ title, picture }: DrawnCourse): readonly string[] {
  return "file" in picture
    ? [`![${plain(title)}](${picture.file.name})`, ""]
    : [`${plain(title)}: ${plain(picture.why)}`, ""];
}

function receiptLines(receipt: RequestReceipt): readonly string[] {
  const { code, what, reason, digest, asked, approved, steps, ended, journalHead, links } = receipt;
  const signed = ({ who, at, link }: RequestReceipt["asked"]): string =>
    `${plain(who)}, ${rfc3339(at)}${link === undefined ? "" : ` (${link})`}`;
  return [
    `### ${plain(what)}, request ${code}`,
    "",
    `- asked by ${signed(asked)}: ${plain(reason)}`,
    ...(approved.length === 0 ? ["- approved by nobody"] : approved.map((each) => `- approved by ${signed(each)}`)),
    ...steps.map(
      ({ title, state, said, at }) =>
        `- step ${plain(title)}: ${state}${at === undefined ? "" : `, ${rfc3339(at)}`}${said === undefined ? "" : `: ${plain(said)}`}`,
    ),
    `- ${plain(ended.how)}, ${rfc3339(ended.at)}${ended.why === "" ? "" : `: ${plain(ended.why)}`}`,
    `- digest \`${digest}\``,
    ...(journalHead ? [`- the journal then ended in link ${journalHead.seq}, \`${journalHead.hash}\``] : []),
    ...(links.length === 0 ? [] : [`- on record in ${links.join(", ")}`]),
    "",
  ];
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
