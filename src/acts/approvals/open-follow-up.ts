import { revivalOf } from "../../domain/approvals/halts.ts";
import { askedWords, type Request, type Sealed } from "../../domain/approvals/request.ts";
import { UserError } from "../../domain/failure.ts";
import { nobody } from "../../domain/journal.ts";
import type { Directory } from "../../domain/people/directory.ts";
import type { Person } from "../../domain/people/person.ts";
import { decide, type Policy } from "../../domain/people/policy.ts";
import type { Store } from "../../domain/store.ts";
import type { System } from "../../domain/systems/system.ts";
import { rulesIn, rulesKeys } from "../../records/policy.ts";
import { type ReadRequest, readRequest, requestsAboutHaltingSince } from "../../records/request.ts";
import { policyWith, standingsAtOnce } from "../people/read-standings.ts";
import { type Attempt, transact } from "../transact.ts";
import { Resting } from "./limit-asking.ts";
import { openRequest } from "./open-request.ts";
import { type PlanPorts, plan } from "./plan.ts";
import { stateCommit } from "./state-commit.ts";

/** A target that cannot be read just now, as a stopped one may not be, is tried again for so long. */
const triedForMs = 120_000;

export interface FollowUpPorts {
  readonly store: Store;
  readonly systems: PlanPorts & { find(id: string): System | undefined };
  readonly directory: Directory;
}

/**
 * Asks for what an operation is followed by, once it has started: in the name of whoever asked for it, so that somebody else
 * approves. What came of it stands on the card of the first. `instead`: what followed it so far and is no longer valid. False
 * when it is to be tried again.
 */
export async function openFollowUp(ports: FollowUpPorts, id: string, instead?: string): Promise<boolean> {
  const read = await readRequest(ports.store, id);
  if (!read?.sealed.plan.followUp) return true;
  const before = instead === undefined ? undefined : (await readRequest(ports.store, instead))?.request;
  if (!before && read.request.followUp !== undefined) return true;
  const now = await ports.store.now();
  const wanted = { ...read, followUp: read.sealed.plan.followUp, before };
  const by = revivalOf(read, await requestsAboutHaltingSince(ports.store, read.sealed.system, read.request.openedAt));
  if (by) {
    const words = `What follows it is not asked for: ${askedWords(by.sealed)} (request ${by.request.code}) has undone it.`;
    if (!before) await tell(ports.store, id, words);
    return true;
  }
  const since = before?.stateAt ?? read.request.stateAt;
  // What follows may be asked for only once this has had its effect, and it is sent for as long as it runs.
  const goesOn = read.request.state === "EXECUTING";
  try {
    const opened = await ask(ports, wanted, now);
    const place = before ? `, in the place of ${before.code}, which is no longer valid` : "";
    await tell(ports.store, id, `It is followed by request ${opened.code} (${wanted.followUp.operation})${place}.`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const lasts = error instanceof LastingRefusal || error instanceof Resting;
    if (lasts || (!goesOn && now - since >= triedForMs)) await tell(ports.store, id, refusedWords(wanted, error));
    else return false;
  }
  return true;
}

/** What does not change by itself within minutes. */
class LastingRefusal extends UserError {}

type Wanted = ReadRequest & {
  readonly followUp: NonNullable<Sealed["plan"]["followUp"]>;
  /** What followed it so far. */
  readonly before: Request | undefined;
};

async function ask(ports: FollowUpPorts, { request, sealed, followUp, before }: Wanted, now: number): Promise<Request> {
  if (request.follows !== undefined || followUp.operation === sealed.operation)
    throw new LastingRefusal("Nothing follows by itself what followed by itself, and nothing follows itself.");
  const system = ports.systems.find(sealed.system);
  const operation = system?.operations[followUp.operation];
  if (!system || !operation)
    throw new LastingRefusal(`${sealed.system} has no operation ${followUp.operation} any more.`);
  const { requester } = sealed;
  const person = await asPlatformsSay(ports, requester);
  const asked = { person, place: request.origin, permission: operation.permission, system: system.id };
  const verdict = decide(asked, person.policy);
  if (!verdict.allowed) throw new LastingRefusal(verdict.why, verdict.remedy);
  const planned = await plan(ports.systems, {
    system,
    name: followUp.operation,
    operation,
    arguments: followUp.arguments,
  });
  const reason = followUp.reason ?? `Follows ${sealed.operation}, request ${request.code}: ${request.reason}`;
  const once = before ? `follow-up:${request.id}:${before.id}` : `follow-up:${request.id}`;
  const invocation = { id: once, person, account: requester.account, place: request.origin, now };
  const after = followUp.once === "done" ? { after: request.stateAt } : {};
  const { read } = await openRequest(ports.store, { ...planned, reason }, invocation, {
    follows: request.id,
    ...after,
  });
  return read.request;
}

async function asPlatformsSay(
  { store, directory }: FollowUpPorts,
  requester: Sealed["requester"],
): Promise<Person & { readonly policy: Policy }> {
  const rules = rulesIn(await store.read([...rulesKeys]));
  const policy = policyWith(rules, [requester], await standingsAtOnce(directory, [requester], 60_000));
  const person = policy.people.find((each) => each.id === requester.person);
  if (!person) throw new LastingRefusal(`${requester.name} is no longer among the people Wardroom knows.`);
  return { ...person, policy };
}

/** What stands on the card of the first. */
async function tell(store: Store, id: string, followUp: string): Promise<void> {
  await transact(store, async (now): Promise<Attempt<void>> => {
    const read = await readRequest(store, id);
    if (!read) return { result: undefined };
    const change = { request: { ...read.request, followUp }, now, kind: "followed-up", who: nobody } as const;
    return { result: undefined, commit: await stateCommit(store, read, { ...change, details: { why: followUp } }) };
  });
}

function refusedWords({ sealed, followUp }: Wanted, { message, remedy }: UserError): string {
  const how = `Ask for it: run ${sealed.system} ${followUp.operation}.`;
  return `What follows it could not be asked for: ${message}${remedy === undefined ? "" : ` ${remedy}`} ${how}`;
}
