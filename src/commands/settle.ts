import { z } from "zod";
import { lookOnce, readAgainst } from "../acts/approvals/read-against.ts";
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
import { stamp } from "../domain/text/moment.ts";
import { visibleRequest } from "../reads/requests.ts";
import { request } from "./fields.ts";
import { openOwnRequest, ownRequestReply } from "./own-request.ts";

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
  const concerns = { id: system, title: systemTitle };
  const opened = await openOwnRequest(context, {
    name: "settle",
    given: settled,
    concerns,
    reason: evidence,
    ...(settles && { settles }),
  });
  const { read, existing } = opened;
  if (existing && read.sealed.settles?.outcome !== settled["outcome"])
    throw contrary(read, context.invocation.person.id);
  return ownRequestReply(context, opened);
}
