import { outlookItem, type WhyAnswer, type WhyLine } from "../cards/why.ts";
import type { DecisionVerb } from "../domain/approvals/decision.ts";
import { askingOutlook } from "../domain/approvals/outlook.ts";
import { askedWords, concernedSystem, isSettlement, whereDecided } from "../domain/approvals/request.ts";
import type { WholeRequest } from "../domain/approvals/run.ts";
import { agreeCommand, isSettleable, unsettleable } from "../domain/approvals/settle-rules.ts";
import { approveCommand } from "../domain/approvals/told-by-approver.ts";
import type { CatalogueEntry } from "../domain/commands/catalogue.ts";
import { type CommandContext, viewerOf } from "../domain/commands/command.ts";
import type { ListItem } from "../domain/messages/card.ts";
import { needWords } from "../domain/people/need-words.ts";
import { may } from "../domain/people/viewer.ts";
import { ownSystemId, settleOperation } from "../domain/systems/own-system.ts";
import { stamp } from "../domain/text/moment.ts";
import { type DecisionOutlook, decisionOutlook } from "../reads/outlook.ts";
import { visibleRequest, visibleRequests } from "../reads/requests.ts";
import { withSettlements } from "../reads/settlements.ts";
import { readableSystems } from "./fields.ts";

/** Why somebody may, or may not, do this with a request. Undefined for a command that is about none. */
export async function whyOfRequest(
  { entry, rest }: { readonly entry: CatalogueEntry; readonly rest: string },
  context: CommandContext,
): Promise<WhyAnswer | undefined> {
  const [word = ""] = rest.split(/\s+/);
  const named = word === "" ? undefined : word.replace(/^request[:=]/i, "");
  const verb = verbs.get(entry.name);
  if (verb) return onDecision(verb, named, context);
  if (entry.name === "confirm settle") return onSettling(named, context);
  if (!looking.includes(entry.name) || named === undefined) return undefined;
  const { request, sealed } = await visibleRequest(context.store, viewerOf(context), named);
  const takes = `the right to read on ${whereDecided(sealed)}`;
  return { takes, lines: [{ about: wordsOf({ request, sealed }), verdict: { allowed: true } }] };
}

/** What only shows a request. */
const looking: readonly string[] = ["confirm show", "confirm who"];

const verbs: ReadonlyMap<string, DecisionVerb> = new Map(
  (["approve", "deny", "withdraw", "cancel", "abort"] as const).map((verb) => [`confirm ${verb}`, verb]),
);

const takesToDecide: Readonly<Record<DecisionVerb, string>> = {
  approve: "the right to approve, through a role that the request names, and never for what you asked for yourself",
  deny: "the right to approve, through a role that the request names; what you asked for yourself you cancel",
  withdraw: "a yes of yours that still stands",
  cancel: "that you asked for it yourself",
  abort: "a yes of yours to what runs, or, of a change, that you asked for it; and that it waits",
};

const nothingOpen: WhyLine = {
  about: undefined,
  verdict: { allowed: false, why: "Nothing is open that you may see here." },
};

/** A decision is judged on each request that is open; with none there is only the right that it takes. */
async function onDecision(verb: DecisionVerb, named: string | undefined, context: CommandContext): Promise<WhyAnswer> {
  const { store, invocation } = context;
  const { account, now } = invocation;
  const viewer = viewerOf(context);
  const found = await decisionOutlook(store, viewer, { verb, account, named, now });
  const takes = takesToDecide[verb];
  if (found.length > 0) {
    const lines = found.map((each) => ({
      about: wordsOf(each),
      verdict: each.verdict,
      outcome: becomesItems(verb, each),
    }));
    return { takes, lines };
  }
  if (verb === "withdraw" || verb === "cancel" || verb === "abort") return { takes, lines: [nothingOpen] };
  const lines = readableSystems(context).map(({ id }) => ({ about: id, verdict: may(viewer, "approve", id) }));
  return { takes, lines };
}

/** What a yes would come to: the last one that it needs, or one of more. */
function becomesItems(verb: DecisionVerb, { request, sealed, becomes }: DecisionOutlook): ListItem[] {
  if (verb !== "approve" || becomes === undefined) return [];
  const more = `It takes ${needWords(sealed.policy.alternatives)}: after your yes it would still wait for another.`;
  const say = `You have to have looked yourself: ${agreeCommand(request.code)}.`;
  const typed = `It takes the name of what it is done to: ${approveCommand(request.code, sealed)}.`;
  return [
    {
      text: becomes === "APPROVED" ? "Yours would be the last yes that it needs: it would start." : more,
      tone: "neutral",
    },
    ...(isSettlement(sealed) ? [{ text: say, tone: "neutral" as const }] : []),
    ...(sealed.plan.typedName === undefined ? [] : [{ text: typed, tone: "neutral" as const }]),
  ];
}

const takesToSettle =
  "two people who looked: one with the right to ask for the request's system, who says how it ended, and somebody else who may approve for it and says what they saw; never the same person twice";

/** A settlement is judged on the request that is named, else on each whose outcome is open. */
async function onSettling(named: string | undefined, context: CommandContext): Promise<WhyAnswer> {
  const { store } = context;
  const viewer = viewerOf(context);
  const listed = named === undefined ? (await visibleRequests(store, viewer)).found : [];
  const open = listed.filter(({ request }) => isSettleable(request.state));
  const codes = named === undefined ? open.map(({ request }) => request.id) : [named];
  const whole = await Promise.all(codes.map((each) => visibleRequest(store, viewer, each)));
  const lines = (await Promise.all(whole.map((each) => settleLines(each, context)))).flat();
  const none = "No outcome is open that you may see here: there is nothing to settle.";
  return {
    takes: takesToSettle,
    lines: lines.length > 0 ? lines : [{ about: undefined, verdict: { allowed: false, why: none } }],
  };
}

/** What somebody has said already is agreed to, or is not; only with none of it open is there something to be said. */
async function settleLines(read: WholeRequest, context: CommandContext): Promise<WhyLine[]> {
  const { settlements = [] } = await withSettlements(context.store, read);
  if (settlements.length === 0) return [settleLine(read, context)];
  return Promise.all(settlements.map((each) => agreeLine(each, { settled: read, context })));
}

async function agreeLine(
  { request, sealed }: Pick<WholeRequest, "request" | "sealed">,
  { settled, context }: { readonly settled: WholeRequest; readonly context: CommandContext },
): Promise<WhyLine> {
  const { store, invocation } = context;
  const { account, now } = invocation;
  const asked = { verb: "approve", account, named: request.id, now } as const;
  const [outlook] = await decisionOutlook(store, viewerOf(context), asked);
  const about = wordsOf(settled);
  const { code, reason } = request;
  const said = `${sealed.requester.name} says already that it ${sealed.settles?.outcome ?? "ended"}, settlement ${code}, and saw: ${reason}`;
  const verdict = outlook?.verdict ?? { allowed: false, why: "It is over." };
  if (!verdict.allowed) {
    const why = `${said}. ${verdict.why}`;
    return { about, verdict: { allowed: false, why, remedy: `Who can agree: confirm who ${code}` } };
  }
  const agree = `If you looked, too, and saw the same, you may agree: ${agreeCommand(code)}. If it is wrong: confirm deny ${code}`;
  return {
    about,
    verdict,
    outcome: [
      { text: said, tone: "neutral" },
      { text: agree, tone: "neutral" },
    ],
  };
}

function settleLine(read: WholeRequest, context: CommandContext): WhyLine {
  const { now, person } = context.invocation;
  const about = wordsOf(read);
  const system = concernedSystem(read.sealed);
  const verdict = may(viewerOf(context), "ask", system);
  if (!verdict.allowed) return { about, verdict };
  const why = unsettleable(read, { now, when: stamp });
  if (why !== undefined) return { about, verdict: { allowed: false, why } };
  const { risk, direction } = settleOperation;
  const asked = { system: ownSystemId, operation: "settle", concerns: system, risk, direction, requester: person.id };
  const outlook = askingOutlook(asked, context.people.policy());
  return { about, verdict, outcome: [outlookItem(outlook)] };
}

function wordsOf({ request, sealed }: Pick<WholeRequest, "request" | "sealed">): string {
  return `${request.code}, ${askedWords(sealed, sealed.systemTitle)}`;
}
