import type { AskingOutlook } from "../domain/approvals/outlook.ts";
import type { Block, Card, ListItem } from "../domain/messages/card.ts";
import type { Verdict } from "../domain/people/policy.ts";
import type { Argument, Operation } from "../domain/systems/operation.ts";
import { asSentence } from "../domain/text/sentence.ts";
import { outlookItem } from "./why.ts";

/** An operation of one system, as whoever asks about it may use it. */
export interface OperationHelp {
  readonly system: { readonly id: string; readonly title: string };
  readonly operation: Operation;
  /** How it is typed. */
  readonly usage: string;
  /** May they ask for it here? */
  readonly verdict: Verdict;
  /** Names of those who may ask for it here. */
  readonly askers: readonly string[];
  readonly outlook: AskingOutlook;
}

/** What an operation does on each system that has it, what it takes, who may ask for it and who has to agree. */
export function operationCard(name: string, ways: readonly OperationHelp[], hasCommand = false): Card {
  const allowed = ways.some(({ verdict }) => verdict.allowed);
  return {
    tone: "neutral",
    title: name,
    summary: hasCommand
      ? `${ways.length === 1 ? "What it is there" : "Each system has its own"}${allowed ? "" : ", which you may not ask for here"}:`
      : `${name} is not a command of its own. It is asked for with run${allowed ? "" : ", which you may not do here"}:`,
    blocks: ways.flatMap(operationBlocks),
    footer: "help run explains the fields that every operation has.",
  };
}

function operationBlocks({ system, operation, usage, ...rights }: OperationHelp): Block[] {
  const args = Object.entries(operation.arguments);
  const rows = args.map(([name, each]) => [name, each.required ? "yes" : "no", takesWords(each), wordsOf(each)]);
  const columns = [{ title: "Field" }, { title: "Needed" }, { title: "Takes" }, { title: "What it is" }];
  const table: Block[] = rows.length === 0 ? [] : [{ kind: "table", columns, rows }];
  return [
    { kind: "text", text: `${system.title}: ${asSentence(operation.summary)} ${riskWords(operation)}` },
    { kind: "code", text: usage },
    ...table,
    { kind: "list", items: rightItems(operation, rights) },
    ...guideBlocks(operation),
  ];
}

function guideBlocks({ guide = [] }: Operation): Block[] {
  if (guide.length === 0) return [];
  const items = guide.map((text, index): ListItem => ({ text: `${index + 1}. ${text}` }));
  return [
    { kind: "text", text: "The whole procedure, in its order:" },
    { kind: "list", items },
  ];
}

function rightItems(
  { permission }: Operation,
  { verdict, askers, outlook }: Pick<OperationHelp, "verdict" | "askers" | "outlook">,
): ListItem[] {
  const who = askers.length === 0 ? "Nobody may ask for it here" : `Who may ask for it here: ${askers.join(", ")}`;
  const refused = verdict.allowed ? "" : ` ${verdict.why} ${verdict.remedy}`;
  return [
    {
      text: `It takes the right to ${permission}. ${who}.${refused}`,
      tone: verdict.allowed ? "neutral" : "warning",
    },
    outlookItem(outlook),
  ];
}

/** As its file says it: what it may come to once its system has been read is told by asking for it dry. */
function riskWords({ risk, destructiveWhen, direction, increasesWhen, urgent, typed }: Operation): string {
  const destroys = destructiveWhen === undefined ? "It destroys something" : "It may destroy something";
  const moves = {
    reduces: " It reduces what can be lost.",
    neutral: "",
    increases: ` It ${increasesWhen === undefined ? "increases" : "may increase"} what can be lost.`,
  } as const;
  const risky = risk === "destructive" ? `${destroys}.` : "It changes something and destroys nothing.";
  const named =
    typed === undefined
      ? ""
      : ` Whoever approves it types a name${typed.when === undefined ? "" : " where its card asks for that"}.`;
  return `${risky}${moves[direction]}${named}${urgent ? " It is urgent: nothing holds it up." : ""}`;
}

function wordsOf({ title, help }: Argument): string {
  return help === undefined || help === "" ? title : `${title}: ${help}`;
}

function takesWords({ type, choices = [], min, max, from }: Argument): string {
  switch (type) {
    case "choice":
      return `one of ${choices.join(", ")}`;
    case "integer":
      return `a whole number${min === undefined ? "" : `, at least ${min}`}${max === undefined ? "" : `, at most ${max}`}`;
    case "text":
      return from === undefined ? "text" : `one of its ${from}`;
  }
}
