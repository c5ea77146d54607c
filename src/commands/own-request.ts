import { openRequest, type Proposal } from "../acts/approvals/open-request.ts";
import { plan } from "../acts/approvals/plan.ts";
import { askedBeforeCard } from "../cards/asked-before.ts";
import { requestCard } from "../cards/request.ts";
import type { CommandContext, Reply } from "../domain/commands/command.ts";
import { type OwnActName, ownOperations, ownSystem } from "../domain/systems/own-system.ts";
import { shownRequest } from "../reads/shown-request.ts";

/** What is asked of two people that concerns Wardroom itself, and why. */
export interface OwnRequestAsked extends Pick<Proposal, "settles"> {
  readonly name: OwnActName;
  readonly given: Readonly<Record<string, string>>;
  /** The system whose people decide on it; those of Wardroom itself where it is left out. */
  readonly concerns?: { readonly id: string; readonly title: string } | undefined;
  /** The systems that it touches, where those are several: whoever may decide on each of them may decide on it too. */
  readonly spans?: readonly string[] | undefined;
  readonly reason: string;
}

/** Opens the request for one of Wardroom's own operations, or answers the one that is open for the same thing. */
export async function openOwnRequest(
  context: CommandContext,
  { name, given, concerns, spans, reason, settles }: OwnRequestAsked,
): ReturnType<typeof openRequest> {
  const wanted = { system: ownSystem, name, operation: ownOperations[name], arguments: given };
  const planned = await plan(context.systems, wanted);
  const proposal = {
    ...planned,
    reason,
    ...(concerns && { system: { ...ownSystem, title: concerns.title }, concerns: concerns.id }),
    ...(spans && { spans: [...spans] }),
    ...(settles && { settles }),
  };
  return openRequest(context.store, proposal, context.invocation);
}

/** The card of a request that was opened, or of the one that was open before. */
export async function ownRequestReply(
  { store, invocation: { person, now } }: CommandContext,
  { read, existing }: Awaited<ReturnType<typeof openRequest>>,
): Promise<Reply> {
  const { id, state } = read.request;
  const about = { kind: "request", id, state } as const;
  return existing
    ? { card: askedBeforeCard(read, { person: person.id, now }), about }
    : { card: requestCard(await shownRequest(store, read)), subject: { kind: "request", request: id }, about };
}
