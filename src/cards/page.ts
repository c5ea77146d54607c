import type { EscalationShown } from "../domain/escalation/escalation.ts";
import type { AlertPage } from "../domain/escalation/page.ts";
import type { Block, Card, CardAction, CardField, ListItem } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { counted, span } from "../domain/text/quantities.ts";
import { escalationWords } from "./escalation-words.ts";

type ShownPage = { readonly page: AlertPage; readonly escalations: readonly EscalationShown[]; readonly now: number };

/** So many alerts are taken by one press, and named. */
const mostTaken = 20;

/** Alerts of a page that nobody has yet. */
export function openOn({ alerts }: AlertPage, escalations: readonly EscalationShown[]): AlertPage["alerts"] {
  return alerts.filter(({ code, since }) => {
    const standing = escalations.find((each) => each.code === code);
    // Another trouble of the same alert has pages of its own.
    return standing?.since === since && standing.hold === undefined && standing.endedAt === undefined;
  });
}

/** What a level was told of, with a button to take it; once somebody has it, who that is. */
export function pageCard({ page, escalations, now }: ShownPage): Card {
  const { system, level, count, isNobody } = page;
  const open = openOn(page, escalations);
  const what = count === 1 ? (page.alerts[0]?.summary ?? "an alert") : counted(count, "alert");
  const isOpen = open.length > 0;
  return {
    tone: isOpen ? "bad" : "good",
    title: isOpen
      ? `${system}: nobody has ${count === 1 ? `“${what}”` : what}: level ${level}`
      : settledTitle(page, escalations, what),
    summary: isNobody
      ? `Nobody stands behind level ${level} of ${page.class}: ${page.contacts.map(({ title }) => title).join(", ")}. Say who does, under oncall: contacts in wardroom.yaml.`
      : summaryOf(page, now),
    blocks: [
      { kind: "list", items: page.alerts.slice(0, mostTaken).map((each) => itemOf(each, escalations, now)) },
      ...(count > mostTaken ? [{ kind: "text" as const, text: `and ${count - mostTaken} more` }] : []),
      ...fieldsOf(page),
    ],
    actions: isOpen ? actionsOf(page, open) : [],
    footer: `Page ${page.id} · ${page.class}, level ${level} · ${clock(page.at, now)}`,
  };
}

function settledTitle(
  { system, count, alerts }: AlertPage,
  escalations: readonly EscalationShown[],
  what: string,
): string {
  const holders = new Set(
    alerts.flatMap(({ code, since }) => {
      const standing = escalations.find((each) => each.code === code && each.since === since);
      return standing?.hold?.why === "acknowledged" ? [standing.hold.name] : [];
    }),
  );
  const named = count === 1 ? `“${what}”` : what;
  if (holders.size === 0) return `${system}: ${named}: over`;
  return `${system}: ${[...holders].join(", ")} ${holders.size === 1 ? "has" : "have"} ${named}`;
}

function summaryOf({ alerts, at, missed }: AlertPage, now: number): string {
  const first = Math.min(...alerts.map(({ since }) => since));
  const late =
    missed.length === 0
      ? ""
      : ` Nobody was told of level ${missed.join(" and ")} in its time: it was missed while Wardroom was away.`;
  return `Firing since ${clock(first, now)}, and nobody had it after ${span(at - first)}.${late}`;
}

function itemOf(
  { code, summary, since }: AlertPage["alerts"][number],
  escalations: readonly EscalationShown[],
  now: number,
): ListItem {
  const standing = escalations.find((each) => each.code === code && each.since === since);
  const how = standing ? escalationWords(standing, now) : "over";
  const isOpen = standing && !standing.hold && standing.endedAt === undefined;
  return { text: `${summary} · ${code}: ${how}`, tone: isOpen ? "bad" : "good" };
}

const hookWords = {
  owed: "is being called",
  taken: "took it",
  failed: "did not take it",
  skipped: "was not called: somebody had it",
} as const;

function fieldsOf({ contacts, hooks }: AlertPage): readonly Block[] {
  const fields = [
    ...contacts.map(({ title, names, note }): CardField => {
      const who = [names.join(", "), note].filter((each) => each !== "").join(" · ");
      return { name: title, value: who === "" ? "nobody by name" : who };
    }),
    ...hooks.map(
      ({ title, contact, state }): CardField => ({ name: `${title} (${contact})`, value: hookWords[state] }),
    ),
  ];
  return [{ kind: "fields", fields }];
}

function actionsOf({ system }: AlertPage, open: AlertPage["alerts"]): readonly CardAction[] {
  const taken = open.slice(0, mostTaken);
  return [
    {
      label:
        open.length > mostTaken ? `I have the first ${mostTaken}` : open.length === 1 ? "I have it" : "I have them",
      style: "primary",
      command: "ack",
      args: { alerts: taken.map(({ code }) => code).join(" ") },
    },
    { label: "Status", command: "status", args: { system } },
    { label: "Escalation", command: "escalation", args: { system } },
  ];
}
