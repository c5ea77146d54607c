import { severityTone } from "../domain/alerts/firing.ts";
import type { AlertGroup, GroupMember, MemberChange } from "../domain/alerts/group.ts";
import { labelIn, showLabels } from "../domain/alerts/matcher.ts";
import { holdingSnoozes } from "../domain/alerts/snooze.ts";
import type { EscalationShown } from "../domain/escalation/escalation.ts";
import type { Block, Card, CardAction, CardField, ListItem, Tone } from "../domain/messages/card.ts";
import type { SaidChanges, ShownAlerts } from "../domain/messages/subject.ts";
import { clock } from "../domain/text/moment.ts";
import { counted, span } from "../domain/text/quantities.ts";
import { escalationFields } from "./escalation-words.ts";
import { snoozeWords } from "./snooze.ts";

/** So many alerts are acknowledged or snoozed by one press; the button says so. */
const mostAtOnce = 20;
const mostSaid = 15;

type Shown = ShownAlerts & { readonly now: number };

/** Alerts that share a message: what fires, what is over, what to do; green once all of it is over. */
export function alertGroupCard({ group, firing, over, graph, now, escalations = [] }: Shown): Card {
  const isOver = group.firing === 0;
  return {
    tone: isOver ? "good" : toneOf(group, firing),
    title: titleOf(group, firing, over),
    summary: summaryOf(group, now),
    blocks: [
      ...listOf(firing, group.firing, (each) => ({ text: firingWords(each, now), tone: severityTone(each.severity) })),
      ...listOf(over, group.over, (each) => ({ text: overWords(each, now), tone: "good" })),
      ...hintOf(group),
      ...graph.map(({ name }) => ({ kind: "image" as const, file: name, alt: graphWords(group) })),
      ...fieldsOf(group, escalations, now),
    ],
    actions: actionsOf(group, firing, now),
    footer: footerOf(group, now),
  };
}

/** What became of alerts since that was last said under their message. */
export function alertChangesCard({ group, changed, now }: SaidChanges & { readonly now: number }): Card {
  const said = Map.groupBy(changed, ({ change }) => change.what);
  const counts = [...said].map(([what, members]) => `${members.length} ${changeWords[what]}`);
  const isOver = group.firing === 0;
  const left = changed.length - mostSaid;
  return {
    tone: isOver ? "good" : changed.some((each) => each.state === "firing") ? toneOf(group, changed) : "neutral",
    title: counts.join(", ") || "Nothing changed",
    summary: isOver ? overSummary(group, now) : `${counted(group.firing, "alert")} firing now.`,
    blocks: [
      {
        kind: "list",
        items: changed.slice(0, mostSaid).map((member) => changeItem(member, now)),
      },
      ...(left > 0 ? [{ kind: "text" as const, text: `and ${left} more` }] : []),
    ],
  };
}

const changeWords = {
  new: "new",
  again: "firing again",
  over: "resolved",
  acknowledged: "acknowledged",
  unacknowledged: "given back",
  lapsed: "not solved in the time that it was taken for",
  silenced: "silenced",
  unsilenced: "no longer silenced",
  worse: "worse",
  awake: "firing on after it was snoozed",
} as const satisfies Record<MemberChange, string>;

function changeItem(member: GroupMember, now: number): ListItem {
  const words = member.state === "over" ? overWords(member, now) : firingWords(member, now);
  return {
    text: `${changeWords[member.change.what]}: ${words}`,
    tone: member.state === "over" ? "good" : severityTone(member.severity),
  };
}

function toneOf({ tone, worst }: AlertGroup, firing: readonly GroupMember[]): Tone {
  // The route's own look is for what it brought; what is worse than that shows.
  const [first] = firing;
  return first && first.severity === worst ? tone : severityTone(first?.severity ?? worst);
}

function titleOf(group: AlertGroup, firing: readonly GroupMember[], over: readonly GroupMember[]): string {
  const { system } = group;
  const only = group.firing + group.over === 1 ? (firing[0] ?? over[0]) : undefined;
  if (only) return `${system}: ${only.summary}${only.state === "over" ? ": resolved" : ""}`;
  const name = labelIn(group.labels, "alertname");
  const what = name === "" ? (firing[0] ?? over[0])?.summary : name;
  const counts = [
    ...(group.firing > 0 ? [`${group.firing} firing`] : []),
    ...(group.over > 0 ? [`${group.over} resolved`] : []),
  ];
  return `${system}: ${what ?? "alerts"}: ${counts.join(", ")}`;
}

function summaryOf(group: AlertGroup, now: number): string {
  if (group.firing === 0) return overSummary(group, now);
  const critical = group.critical > 0 && group.critical < group.firing ? `, ${group.critical} of them critical` : "";
  return `${counted(group.firing, "alert")} firing since ${clock(group.since, now)}${critical}.`;
}

/** `Fired 02:14:05 UTC, recovered 02:15:11 UTC: it lasted 66 s.` */
function overSummary({ since, endedAt = since }: AlertGroup, now: number): string {
  return `Fired ${clock(since, now)}, recovered ${clock(endedAt, now)}: it lasted ${span(endedAt - since)}.`;
}

function listOf(shown: readonly GroupMember[], all: number, item: (member: GroupMember) => ListItem): readonly Block[] {
  if (shown.length === 0) return [];
  const left = all - shown.length;
  return [
    { kind: "list", items: shown.map(item) },
    ...(left > 0 ? [{ kind: "text" as const, text: `and ${left} more` }] : []),
  ];
}

/** Who has it, or the code that people type. */
function firingWords(member: GroupMember, now: number): string {
  const { summary, ownSeverity, since, code, ack, comings, silencedUntil } = member;
  const flaps = comings > 1 ? `, came ${comings} times` : "";
  const holder = ack ? ` · ${ack.name} has it` : "";
  const silence =
    silencedUntil !== undefined && silencedUntil > now ? ` · silenced until ${clock(silencedUntil, now)}` : "";
  const snoozes = holdingSnoozes(member, now).map((each) => ` · ${snoozeWords(each, now)}`);
  return `${summary} (${ownSeverity}, since ${clock(since, now)}${flaps}) · ${code}${holder}${silence}${snoozes.join("")}`;
}

function overWords({ summary, since, endedAt = since, comings, unsent }: GroupMember, now: number): string {
  const flaps = comings > 1 ? `, came ${comings} times` : "";
  const found = unsent ? " · its end was never sent, and was found by looking" : "";
  return `${summary}: fired ${clock(since, now)}, recovered ${clock(endedAt, now)} (${span(endedAt - since)}${flaps})${found}`;
}

function hintOf({ hint, firing }: AlertGroup): readonly Block[] {
  return hint === undefined || firing === 0 ? [] : [{ kind: "text", text: `What to do: ${hint}` }];
}

function graphWords({ system, graph }: AlertGroup): string {
  const what = graph?.kind === "rule" ? `the rule ${graph.rule}` : "its source's rule";
  return `What ${what} of ${system} watches, with its limit, as it was when this was told.`;
}

function fieldsOf(
  { links, owners, calls, firing }: AlertGroup,
  escalations: readonly EscalationShown[],
  now: number,
): readonly Block[] {
  const names = [...new Set(calls.map(({ name }) => name))];
  const fields: CardField[] = [
    ...(owners.length > 0 ? [{ name: "Owners", value: owners.join(", ") }] : []),
    ...(names.length > 0 && firing > 0 ? [{ name: "Called", value: names.join(", ") }] : []),
    ...(firing > 0 ? escalationFields(escalations, now) : []),
    ...links,
  ];
  return fields.length > 0 ? [{ kind: "fields", fields }] : [];
}

function actionsOf(group: AlertGroup, firing: readonly GroupMember[], now: number): readonly CardAction[] {
  const { actions, system, worst } = group;
  const open = firing.filter(({ ack }) => !ack).slice(0, mostAtOnce);
  const [first] = firing;
  if (!first) return actions.filter(({ command }) => command !== "run");
  const what = group.firing === 1 ? "" : ` ${open.length}`;
  return [
    ...(open.length > 0
      ? [
          {
            label: `Acknowledge${what}`,
            style: "primary" as const,
            command: "ack",
            args: { alerts: codesOf(open) },
          },
        ]
      : []),
    ...snoozeActions(group, firing, now),
    ...silenceAction(group, first),
    ...actions.filter(({ command }) => command !== "run"),
    {
      label: "Declare incident",
      command: "incident declare",
      args: {
        title: `${system}: ${first.summary}`.slice(0, 110),
        severity: worst === "critical" ? "P1" : "P2",
        system,
      },
    },
    ...actions.filter(({ command }) => command === "run"),
  ];
}

/** For whoever presses it alone: to keep it from everybody in the channel is typed. */
function snoozeActions(group: AlertGroup, firing: readonly GroupMember[], now: number): readonly CardAction[] {
  const snoozed = firing.filter((member) => holdingSnoozes(member, now).length > 0).slice(0, mostAtOnce);
  const open = firing
    .filter((member) => !holdingSnoozes(member, now).some(({ scope }) => scope.kind === "channel"))
    .slice(0, mostAtOnce);
  const count = group.firing === 1 ? "" : ` ${open.length}`;
  return [
    ...(open.length > 0
      ? [{ label: `Snooze${count} for 1 h`, command: "snooze", args: { alerts: codesOf(open), for: "1h", whom: "me" } }]
      : []),
    ...(snoozed.length > 0 ? [{ label: "End snooze", command: "unsnooze", args: { alerts: codesOf(snoozed) } }] : []),
  ];
}

function codesOf(members: readonly GroupMember[]): string {
  return members.map(({ code }) => code).join(" ");
}

/** To silence what is critical takes two people, which is no matter of one press. */
function silenceAction({ firing, worst, labels }: AlertGroup, { code }: GroupMember): readonly CardAction[] {
  if (worst === "critical") return [];
  const alerts = firing === 1 ? code : showLabels(labels);
  return [{ label: "Silence 1 h…", command: "silence", args: { alerts, for: "1h" }, ask: ["comment"] }];
}

function footerOf({ route, at }: AlertGroup, now: number): string {
  const by = route === "" ? "No route takes it: it is told to the operators." : `By the route ${route}.`;
  return `${by} As of ${clock(at, now)}.`;
}
