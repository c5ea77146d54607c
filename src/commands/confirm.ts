import { z } from "zod";
import { decideRequest } from "../acts/approvals/decide-request.ts";
import { changesFile } from "../cards/change-lines.ts";
import { decisionCard } from "../cards/decision.ts";
import { howToDecide, requestsCard, yoursCard } from "../cards/requests.ts";
import type { StandsNow } from "../cards/stood.ts";
import { whoCard } from "../cards/who.ts";
import { sealedFile, wholeRequestCard } from "../cards/whole-request.ts";
import type { DecisionVerb } from "../domain/approvals/decision.ts";
import { positionsOf } from "../domain/approvals/readings.ts";
import { holdsWhereDecided, isWaiting } from "../domain/approvals/request.ts";
import type { WholeRequest } from "../domain/approvals/run.ts";
import { type Command, type CommandContext, defineCommand, type Reply, viewerOf } from "../domain/commands/command.ts";
import { may } from "../domain/people/viewer.ts";
import { firingNow } from "../reads/firing.ts";
import { withHolders } from "../reads/holders.ts";
import { visibleRequest, visibleRequests, waitsFor, withTheirApprovers } from "../reads/requests.ts";
import { withSettlements } from "../reads/settlements.ts";
import { shownRequest } from "../reads/shown-request.ts";
import { waitingBehind } from "../reads/waiting-behind.ts";
import { request } from "./fields.ts";

/** Carried by the card's buttons: what the person saw. Typed, the code itself is what they saw. */
const digest = z
  .string()
  .max(64)
  .optional()
  .meta({ label: "Digest", help: "Left out when typing: the code is enough", unseen: true });

/** Only requests of systems that the person may read here. */
export const confirmList = defineCommand({
  name: "confirm list",
  summary: "Requests that wait for people, or whose outcome is open",
  permission: "read",
  examples: ["confirm list"],
  input: z.object({}),
  async run(_input, context) {
    const viewer = viewerOf(context);
    const open = await visibleRequests(context.store, viewer);
    return { card: requestsCard(withTheirApprovers(open, viewer), context.invocation.now) };
  },
});

/** A copy that does not follow the request, with the very bytes that the digest is of. */
export const confirmShow = defineCommand({
  name: "confirm show",
  summary: "One request: its card and the full plan, byte for byte, as a file",
  permission: "read",
  examples: ["confirm show 4F7A2C"],
  shortcut: { title: "Show the full plan", field: "request", of: "request" },
  input: z.object({ request }),
  async run(input, context) {
    return show(context, await visibleRequest(context.store, viewerOf(context), input.request));
  },
});

/** Words in which people say yes or no to what they see: they name no request, so they decide nothing. */
const bareAnswers = (
  "yes, y, yep, yes please, ok, okay, sure, approve, approved, lgtm, go, go ahead, do it, " +
  "no, n, nope, no thanks, deny, denied, reject, rejected, veto"
).split(", ");

/** The one request that waits for whoever asks, with how it is decided. */
export const confirmNext = defineCommand({
  name: "confirm next",
  summary: "What waits for your decision: its card, with how to decide",
  permission: "read",
  answers: bareAnswers,
  examples: ["confirm next"],
  input: z.object({}),
  async run(_input, context) {
    const viewer = viewerOf(context);
    const open = await visibleRequests(context.store, viewer);
    const yours = open.found.filter((each) => waitsFor(each, viewer));
    const [only, ...more] = yours;
    if (!only || more.length > 0)
      return {
        private: true,
        card: yoursCard(withTheirApprovers({ ...open, found: yours }, viewer), context.invocation.now),
      };
    const { card, ...rest } = await show(context, await visibleRequest(context.store, viewer, only.request.id));
    return { ...rest, card: { ...card, blocks: [howToDecide(only), ...card.blocks] } };
  },
});

async function show(context: CommandContext, read: Awaited<ReturnType<typeof visibleRequest>>): Promise<Reply> {
  const file = sealedFile(read.request);
  const shown = await shownRequest(context.store, read);
  const { changes, effects = [] } = read.sealed;
  const lines = [...effects, ...(changes ?? [])];
  const more = changes ? [changesFile(`changes-${read.request.code}.txt`, lines)] : [];
  const files = [file, ...more] as const;
  const stands = await standsNow(context, read);
  return { card: wholeRequestCard(shown, context.invocation.now, { files, stands }), files };
}

/** What whoever decides has to know of the system and the card cannot tell: how it stands at this moment. */
async function standsNow(
  context: CommandContext,
  { request: asked, sealed }: WholeRequest,
): Promise<StandsNow | undefined> {
  const on = context.systems.find(sealed.system);
  if (!on || !isWaiting(asked.state)) return undefined;
  const hasPositions = on.portfolio !== undefined && sealed.readings.some((reading) => positionsOf(reading));
  const [firing, positions] = await Promise.all([
    sealed.direction === "increases" ? firingNow(context, [on]) : undefined,
    hasPositions ? context.systems.portfolios.read(on) : undefined,
  ]);
  const at = await context.store.now();
  return { at, system: on.id, ...(firing && { firing }), ...(positions && { positions }) };
}

/** Judged by the rules in force. Platforms are asked about accounts only when somebody decides. */
export const confirmWho = defineCommand({
  name: "confirm who",
  summary: "Who can approve, stop or settle a request now, and why not the others",
  permission: "read",
  examples: ["confirm who 4F7A2C"],
  input: z.object({ request }),
  async run(input, context) {
    const read = await visibleRequest(context.store, viewerOf(context), input.request);
    const shown = await withSettlements(context.store, read);
    const at = { policy: context.people.policy(), now: context.invocation.now };
    return { private: true, card: whoCard(shown, at) };
  },
});

const reason = z.string().max(300).optional().meta({ label: "Reason", help: "Optional", multiline: true, prose: true });

/** What a yes carries where its request wants it. */
const ToldByApprover = z.object({
  seen: z
    .string()
    .max(300)
    .optional()
    .meta({
      label: "What you saw",
      help: "Of a settlement: where you looked yourself, and what it said",
      alsoCalled: ["evidence", "saw"],
      multiline: true,
      prose: true,
    }),
  name: z
    .string()
    .max(100)
    .optional()
    .meta({
      label: "Name",
      help: "Where the card says so: the name of what it is done to",
      alsoCalled: ["typed"],
      prose: true,
    }),
});

/** Counts only from whoever the request names as an approver, never from the one who asked. */
export const confirmApprove = decision("approve", "Say yes to a request somebody else made", ToldByApprover);
/** One no is enough, also after the last yes, as long as nothing has been sent. */
export const confirmDeny = decision("deny", "Say no to a request, or stop an approved one before it runs");
/** A request that lacks a yes by it waits again. */
export const confirmWithdraw = decision("withdraw", "Take back your yes before it runs");
/** For the one who asked, as long as nothing has been sent. */
export const confirmCancel = decision("cancel", "Take back a request you made");
/** For who said yes, and of a change for who asked: what it waits for is not waited for any more. */
export const confirmAbort = decision("abort", "End the wait of what runs; what was not begun is not done");

function decision(verb: DecisionVerb, summary: string, more: z.ZodObject = z.object({})): Command {
  return defineCommand({
    name: `confirm ${verb}`,
    summary,
    // Who may decide is a rule of the request itself, checked inside the commit; here it only has to be a known person.
    permission: "read",
    changes: true,
    examples: [`confirm ${verb} 4F7A2C`],
    input: z.object({
      request,
      digest,
      reason: verb === "approve" ? reason : reason.meta({ ...reason.meta(), positional: true, rest: true }),
      ...more.shape,
    }),
    async run(input, context): Promise<Reply> {
      const { invocation } = context;
      const { seen, name } = ToldByApprover.parse(input);
      const decided = await decideRequest(
        context.store,
        {
          verb,
          request: input.request,
          digest: input.digest ?? input.request,
          ...(input.reason && { reason: input.reason }),
          ...(seen !== undefined && seen.trim() !== "" && { seen }),
          ...(name !== undefined && { name }),
          invocation: invocation.id,
          account: invocation.account,
          person: invocation.person.id,
          place: invocation.place,
        },
        context.people.directory,
      );
      const { request: after, sealed } = decided;
      // A request is taken back from anywhere; where its system is not served, nobody else is shown it.
      const elsewhere = !holdsWhereDecided(sealed, (system) => may(viewerOf(context), "read", system).allowed);
      const waits =
        verb === "abort" ? { waiting: { first: decided, those: await waitingBehind(context.store, decided) } } : {};
      const shown = { ...(await withHolders(context.store, decided)), ...waits };
      return {
        ...(elsewhere && { private: true }),
        card: decisionCard({ verb, name: invocation.person.name }, shown),
        about: { kind: "request", id: after.id, state: after.state },
      };
    },
  });
}
