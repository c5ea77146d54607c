import { z } from "zod";
import { openRequest } from "../acts/approvals/open-request.ts";
import { plan } from "../acts/approvals/plan.ts";
import { lookOnce, readAgainst } from "../acts/approvals/read-against.ts";
import { askedBeforeCard } from "../cards/asked-before.ts";
import { requestCard } from "../cards/request.ts";
import { concernedSystem, type Sealed, standingWords } from "../domain/approvals/request.ts";
import type { WholeRequest } from "../domain/approvals/run.ts";
import {
  agreeCommand,
  leastSeen,
  settledAs,
  tellsSomething,
  unsettleable,
  whatIsOpen,
} from "../domain/approvals/settle-rules.ts";
import { type CommandContext, defineCommand, type Reply, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { may } from "../domain/people/viewer.ts";
import { ownSystem, settleOperation } from "../domain/systems/own-system.ts";
import { stamp } from "../domain/text/moment.ts";
import { visibleRequest } from "../reads/requests.ts";
import { shownRequest } from "../reads/shown-request.ts";
import { request } from "./fields.ts";

const tooLittle = `say what you saw in at least ${leastSeen} letters or digits`;

/** Opens a request of its own: somebody else who may approve for the settled request's system has to have looked, too. */
export const confirmSettle = defineCommand({
  name: "confirm settle",
  summary: "Say how an operation ended that nobody could prove; takes a second person",
  // The right it takes is one on the system of the request that is named.
  permission: "read",
  changes: true,
  examples: ['confirm settle 4F7A2C failed evidence:"no order in the exchange\'s list"'],
  input: z.object({
    request,
    outcome: z
      .enum(settledAs)
      .meta({ label: "It ended as", help: "Did what was asked for happen, whole?", positional: true }),
    evidence: z
      .string()
      .min(leastSeen, { error: tooLittle, abort: true })
      .max(300)
      .refine(tellsSomething, tooLittle)
      .meta({
        label: "What you saw",
        help: "Where you looked, and what it said",
        alsoCalled: ["seen", "saw", "reason"],
        multiline: true,
        prose: true,
      }),
  }),
  async run({ request: named, outcome, evidence }, context): Promise<Reply> {
    const visible = await visibleRequest(context.store, viewerOf(context), named);
    const system = concernedSystem(visible.sealed);
    const verdict = may(viewerOf(context), "ask", system);
    if (!verdict.allowed) throw new UserError(verdict.why, verdict.remedy);
    const { id, code } = visible.request;
    const at = { now: context.invocation.now, when: stamp };
    refuseUnsettleable(visible, at);
    const read = (await lookOnce(context, id)) ?? visible;
    refuseUnsettleable(read, at);
    const { against, beside } = await readAgainst(context.systems.stepReadings, read, outcome);
    const seen = { stands: [...whatIsOpen(read), ...beside], ...(against.length > 0 && { against: [...against] }) };
    return open(context, {
      settled: { request: id, code, outcome },
      settles: { operation: read.sealed.operation, code, outcome, ...seen },
      system,
      systemTitle: read.sealed.systemTitle,
      evidence,
    });
  },
});

function refuseUnsettleable(...[read, at]: Parameters<typeof unsettleable>): void {
  const refused = unsettleable(read, at);
  if (refused !== undefined) throw new UserError(refused);
}

/** What somebody says is not to wait for a yes beside its contrary: whichever is wrong is taken out of the way first. */
function contrary(waiting: WholeRequest, person: string): UserError {
  const { code, state, reason } = waiting.request;
  const { requester, settles } = waiting.sealed;
  const own = requester.person === person;
  const said = `${own ? "You have" : `${requester.name} has`} said already that it ${settles?.outcome ?? "ended"}: settlement ${code}, ${standingWords(waiting.request)}; saw: ${reason}. The contrary is not asked for while that is open.`;
  if (state !== "PENDING") return new UserError(said, `What becomes of it: confirm show ${code}`);
  const agree = `If you saw the same: ${agreeCommand(code)}. If it is wrong: confirm deny ${code}. Who can: confirm who ${code}`;
  return new UserError(said, own ? `If it is wrong, take it back first: confirm cancel ${code}` : agree);
}

async function open(
  context: CommandContext,
  asked: {
    readonly settled: Readonly<Record<string, string>>;
    readonly settles: Sealed["settles"];
    readonly system: string;
    readonly systemTitle: string;
    readonly evidence: string;
  },
): Promise<Reply> {
  const { settled, settles, system, systemTitle, evidence } = asked;
  const wanted = { system: ownSystem, name: "settle", operation: settleOperation, arguments: settled };
  const planned = await plan(context.systems, wanted);
  const about = { ...ownSystem, title: systemTitle };
  const proposal = { ...planned, system: about, concerns: system, reason: evidence, ...(settles && { settles }) };
  const { read, existing } = await openRequest(context.store, proposal, context.invocation);
  const { id, state } = read.request;
  const opened = { kind: "request", id, state } as const;
  const { person, now } = context.invocation;
  if (existing && read.sealed.settles?.outcome !== settled["outcome"]) throw contrary(read, person.id);
  return existing
    ? { card: askedBeforeCard(read, { person: person.id, now }), about: opened }
    : {
        card: requestCard(await shownRequest(context.store, read)),
        subject: { kind: "request", request: id },
        about: opened,
      };
}
