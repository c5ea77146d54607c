import type { EscalationShown } from "../domain/escalation/escalation.ts";
import type { MatrixClass, MatrixLevel } from "../domain/escalation/matrix.ts";
import type { Reach } from "../domain/escalation/reach.ts";
import type { Block, Card, CardField } from "../domain/messages/card.ts";
import { counted, span } from "../domain/text/quantities.ts";
import { escalationWords } from "./escalation-words.ts";

interface ShownMatrix {
  readonly title: string;
  readonly system: string;
  readonly classes: readonly {
    readonly plan: MatrixClass;
    readonly levels: readonly { readonly level: MatrixLevel; readonly reach: Reach }[];
  }[];
  readonly underWay: readonly EscalationShown[];
}

/** So many alerts that are under way are named. */
const mostNamed = 12;

/** Whom a system's alerts call while nobody has them: what is under way first, then the matrix with who that is now. */
export function escalationCard({ title, system, classes, underWay }: ShownMatrix, now: number): Card {
  const open = underWay.filter(({ hold }) => !hold);
  const empty = classes.flatMap(({ plan, levels }) =>
    levels.filter(({ reach }) => reach.isNobody).map(({ level }) => `level ${level.number} of ${plan.id}`),
  );
  return {
    tone: open.length > 0 || empty.length > 0 ? "warning" : "neutral",
    title:
      open.length > 0
        ? `${title}: nobody has ${counted(open.length, "alert")}`
        : `${title}: who is called when nobody has an alert`,
    ...(empty.length > 0 && {
      summary: `Nobody stands behind ${empty.join(", ")}: the operators would be told. Say who does, under oncall: contacts in wardroom.yaml.`,
    }),
    blocks: [
      ...underWayBlocks(underWay, now),
      { kind: "fields", fields: classes.flatMap(({ plan, levels }) => classFields(plan, levels)) },
    ],
    actions: [
      { label: "Alerts", command: "alerts", args: { system } },
      { label: "Who is on call", command: "oncall", args: {} },
    ],
    footer: "Time is counted while nobody has an alert, from when it was first told. ack stops it, unack goes on.",
  };
}

/** A system that has no matrix. */
export function noEscalationCard(title: string, onCall: readonly string[]): Card {
  const called =
    onCall.length === 0 ? "Nobody is on call for it either." : `What is critical calls ${onCall.join(", ")}.`;
  return {
    tone: "warning",
    title: `${title} has no escalation`,
    summary: `Nobody is called by time when nobody has an alert. ${called} docs/on-call.md tells how to write one.`,
    blocks: [],
  };
}

function underWayBlocks(underWay: readonly EscalationShown[], now: number): readonly Block[] {
  if (underWay.length === 0) return [];
  const shown = underWay.toSorted((one, other) => Number(one.hold !== undefined) - Number(other.hold !== undefined));
  const left = shown.length - mostNamed;
  return [
    {
      kind: "list",
      items: shown.slice(0, mostNamed).map((each) => ({
        text: `${each.class} ${each.summary} · ${each.code}: ${escalationWords(each, now)}`,
        tone: each.hold ? "good" : "bad",
      })),
    },
    ...(left > 0 ? [{ kind: "text" as const, text: `and ${left} more` }] : []),
  ];
}

function classFields(plan: MatrixClass, levels: ShownMatrix["classes"][number]["levels"]): readonly CardField[] {
  const targets = [
    ...(plan.respondMs === undefined ? [] : [`answered within ${span(plan.respondMs)}`]),
    ...(plan.resolveMs === undefined ? [] : [`over within ${span(plan.resolveMs)}`]),
  ];
  const of = plan.severities.length > 0 ? plan.severities.join(", ") : "what its condition fits";
  return [
    {
      name: plan.title === undefined ? plan.id : `${plan.id} ${plan.title}`,
      value: [of, ...targets].join("; "),
    },
    ...levels.map(({ level, reach }) => ({
      name: `${plan.id} level ${level.number}, ${whenWords(level)}`,
      value: reach.isNobody ? `${namesOf(reach)}: nobody to tell` : namesOf(reach),
      ...(reach.isNobody && { tone: "warning" as const }),
    })),
  ];
}

function whenWords({ afterMs, daily, everyMs }: MatrixLevel): string {
  if (daily) return `at ${daily.time} ${daily.zone} ${daily.weekdays ? `on ${daily.weekdays.join(", ")}` : "each day"}`;
  const again = everyMs === undefined ? "" : `, then every ${span(everyMs)}`;
  return `${afterMs ? `after ${span(afterMs)}` : "at once"}${again}`;
}

function namesOf({ contacts, hooks }: Reach): string {
  return contacts
    .map(({ title, names, note }) => {
      const called = hooks.filter((each) => each.title === title).length > 0 ? ["a service is called"] : [];
      const behind = [...names, ...called, ...(note === "" ? [] : [note])];
      return behind.length === 0 ? title : `${title}: ${behind.join(", ")}`;
    })
    .join("; ");
}
