import { isAbortable, unabortable } from "../domain/approvals/abort-rules.ts";
import {
  askedWords,
  isSettlement,
  type Request,
  type Sealed,
  standingApprovals,
  standingWords,
} from "../domain/approvals/request.ts";
import { endedMeanwhile, type Moment } from "../domain/approvals/request-rules.ts";
import type { ShownRequest } from "../domain/approvals/run.ts";
import { agreeCommand } from "../domain/approvals/settle-rules.ts";
import { approveCommand } from "../domain/approvals/told-by-approver.ts";
import {
  type Could,
  couldReachQuorum,
  settlersNeeded,
  whoCouldAbort,
  whoCouldApprove,
  whoCouldAskToSettle,
  whoCouldSettle,
  whoCouldStop,
} from "../domain/approvals/who-could.ts";
import type { Block, Card, Cell } from "../domain/messages/card.ts";
import { needWords } from "../domain/people/need-words.ts";
import { clock } from "../domain/text/moment.ts";

/** Who can do something about a request as it stands now, why not the others, and that nobody need where that is so. */
export function whoCard(read: ShownRequest, at: Moment): Card {
  const { sealed } = read;
  const request = endedMeanwhile(read.request, sealed, at)?.request ?? read.request;
  switch (request.state) {
    case "PENDING":
      return approvingCard(request, sealed, at);
    case "APPROVED":
      return stoppingCard(request, sealed, at);
    case "EXECUTING":
      return abortingCard(read, at);
    case "PARTIAL":
    case "UNKNOWN":
      return settlingCard(read, at);
    case "SUCCEEDED":
    case "FAILED":
    case "DENIED":
    case "CANCELLED":
    case "EXPIRED":
    case "INVALIDATED":
      return overCard(request, sealed);
  }
}

function approvingCard(request: Request, sealed: Sealed, { policy }: Moment): Card {
  const people = whoCouldApprove(request, sealed, policy);
  const need = `It takes ${needWords(sealed.policy.alternatives)}.`;
  const enough = couldReachQuorum(request, sealed, policy);
  const how = isSettlement(sealed) ? agreeCommand(request.code) : approveCommand(request.code, sealed);
  const able = names(people);
  const can = able === "" ? "Nobody can do this now." : `${able} can: ${how}.`;
  return {
    tone: enough ? "neutral" : "bad",
    title: `Who can approve ${request.code}`,
    summary: [can, need, agreedWords(request), enough || able === "" ? "" : "They are not enough."]
      .filter((each) => each !== "")
      .join(" "),
    blocks: [peopleTable("Can", people)],
  };
}

/** Nobody needs to agree to it any more; until it begins it can still be ended. */
function stoppingCard(request: Request, sealed: Sealed, { policy }: Moment): Card {
  const held = request.heldUp === undefined ? "It is about to run." : `It waits ${request.heldUp}.`;
  return {
    tone: "neutral",
    title: `Nobody needs to approve ${request.code} any more`,
    summary: `${request.why} ${held} Until it begins it can be stopped.`,
    blocks: [peopleTable("Can stop it", whoCouldStop(request, sealed, policy))],
  };
}

function abortingCard(read: ShownRequest, { policy, now }: Moment): Card {
  const { request, sealed, run } = read;
  const people = whoCouldAbort(request, sealed, policy);
  const why = run && unabortable(run, now);
  const able = names(people);
  const can = able === "" ? "Nobody can end its wait." : `${able} can end its wait: confirm abort ${request.code}.`;
  const open = isAbortable(read) && why === undefined;
  return {
    tone: "neutral",
    title: `Nobody needs to approve ${request.code} any more`,
    summary: ["It is running.", agreedWords(request), open ? can : `Nobody can end it now. ${why ?? ""}`.trim()]
      .filter((each) => each !== "")
      .join(" "),
    blocks: open ? [peopleTable("Can abort", people)] : [],
  };
}

/** Two people say how it ended: one asks for that, another agrees. */
function settlingCard(read: ShownRequest, { policy, now }: Moment): Card {
  const { request, sealed, run, settlements = [] } = read;
  const asking = whoCouldAskToSettle(sealed, policy);
  const agreeing = whoCouldSettle(sealed, policy);
  const from = run === undefined || now >= run.hardDeadline ? "now" : `from ${clock(run.hardDeadline, now)} on`;
  const need = settlersNeeded(policy);
  const takes = need.length === 0 ? "nobody else may agree" : `${needWords(need)} other than whoever asks must agree`;
  const how = `confirm settle ${request.code} succeeded or failed, with evidence:"what you saw"`;
  const ask = `${names(asking) || "Nobody"} can ask to settle it ${from} (${how}), and ${takes}: ${names(agreeing) || "nobody"} can.`;
  const rows = asking.map(({ person, can, why }, index): Cell[] => {
    const agree = agreeing[index];
    const reasons = can === agree?.can && why === agree.why ? [why] : [why, ...(agree ? [agree.why] : [])];
    return [person.name, yesOrNo(can), yesOrNo(agree?.can ?? false), reasons.join("; ")];
  });
  return {
    tone: "unknown",
    title: `Who can settle ${request.code}`,
    summary: `It is ${standingWords(request)}. ${settlements.length === 0 ? ask : "Somebody has said how it ended."}`,
    blocks: [
      ...settlements.flatMap((each) => settlementBlocks(each, { policy, now })),
      ...(settlements.length === 0 ? [] : [{ kind: "text" as const, text: `Besides that: ${ask}` }]),
      {
        kind: "table",
        columns: ["Person", "Can ask", "Can agree", "Why"].map((title) => ({ title })),
        rows,
      },
    ],
  };
}

function settlementBlocks({ request, sealed }: Pick<ShownRequest, "request" | "sealed">, at: Moment): Block[] {
  const { summary, blocks } = whoCard({ request, sealed, run: undefined }, at);
  const said = `${request.code}: ${sealed.requester.name} says it ${sealed.settles?.outcome ?? "ended"}, and saw: ${request.reason}`;
  return [
    { kind: "text", text: said },
    ...(summary === undefined ? [] : [{ kind: "text" as const, text: summary }]),
    ...blocks,
  ];
}

function overCard(request: Request, sealed: Sealed): Card {
  return {
    tone: "neutral",
    title: `Nobody can do anything about ${request.code}: it is over`,
    summary: `${askedWords(sealed, sealed.systemTitle)} is ${standingWords(request)}. ${request.why}`,
    blocks: [],
  };
}

function agreedWords(request: Request): string {
  const agreed = standingApprovals(request).map(({ name }) => name);
  return agreed.length === 0 ? "" : `${agreed.join(" and ")} agreed.`;
}

function names(people: readonly Could[]): string {
  return people
    .filter(({ can }) => can)
    .map(({ person }) => person.name)
    .join(", ");
}

function yesOrNo(can: boolean): Cell {
  return { text: can ? "yes" : "no", tone: can ? "good" : "neutral" };
}

function peopleTable(can: string, people: readonly Could[]): Block {
  return {
    kind: "table",
    columns: ["Person", can, "Why"].map((title) => ({ title })),
    rows: people.map((each) => [each.person.name, yesOrNo(each.can), each.why]),
  };
}
