import type { CommandContext, Reply } from "../../domain/commands/command.ts";
import type { Outcome } from "../../domain/messages/message.ts";
import { accountText, type Person } from "../../domain/people/person.ts";
import { channelAt, type Policy } from "../../domain/people/policy.ts";
import type { InvocationRecord } from "../../records/invocation.ts";
import type { Delivery } from "../surface.ts";
import type { Accepted } from "./accept.ts";
import { holderOf } from "./account-holder.ts";
import { askedAhead } from "./ask-ahead.ts";
import { authorise } from "./authorise.ts";
import { explainFailure } from "./explain-failure.ts";
import { isUrgentAsking } from "./is-question.ts";
import { keepAtWork } from "./keep-at-work.ts";
import type { DeliveryPorts } from "./ports.ts";
import type { Routed } from "./route.ts";
import { showWorking } from "./show-working.ts";
import { nothingUnderstood, offersInstead, tellsReading, understand, withOffers } from "./understand.ts";
import { asSeen } from "./unseen.ts";

/** Longest a command may run. Its backends have shorter deadlines of their own, so this ends only what is broken. */
const runWithinMs = 30_000;

/** What an invocation came to. */
export interface Ended {
  readonly reply: Reply;
  readonly outcome: Outcome;
  readonly person: Person | undefined;
  /** What was asked, as it was understood. */
  readonly routed: Routed;
  /** The name of the command, or `unreadable`. */
  readonly command: string;
  readonly ms: number;
}

/**
 * Runs what was asked, if it may be run, and shows meanwhile that it is under way. `delivery` is absent when its surface
 * can no longer be answered directly. Never throws: whatever goes wrong becomes a reply that says so.
 */
export async function run(ports: DeliveryPorts, { record, routed }: Accepted, delivery?: Delivery): Promise<Ended> {
  const started = performance.now();
  const policy = await ports.policyInForce();
  // Where the bot does not work nothing is shown to everybody, and no channel is joined for it.
  const works = record.place.direct || channelAt(record.place, policy) !== undefined;
  const here = { store: ports.world.store, log: ports.log };
  const working = showWorking(here, record, works ? delivery : undefined);
  // What another process left is this one's by its place in the queue.
  const kept = delivery && keepAtWork(here, record.key);
  const replied = await replyTo(ports, record, { routed, policy });
  await Promise.all([working.end(), kept?.end()]);
  const ms = performance.now() - started;
  const { outcome, person } = replied;
  const command = replied.routed.kind === "unreadable" ? "unreadable" : replied.routed.command.name;
  ports.meter.count("wardroom_commands_total", { command, outcome });
  ports.meter.observe("wardroom_command_seconds", ms / 1_000, { command });
  ports.log.info("a command was answered", { command, outcome, person: person?.id, ms: Math.round(ms) });
  return { ...replied, command, ms: Math.round(ms) };
}

/** Whatever goes wrong on the way to a decision is a refusal, and everything else a card that says so. */
async function replyTo(
  ports: DeliveryPorts,
  record: InvocationRecord,
  { routed: typed, policy }: { readonly routed: Routed; readonly policy: Policy },
): Promise<Pick<Ended, "reply" | "outcome" | "person" | "routed">> {
  let person: Person | undefined;
  let routed = typed;
  let understood = nothingUnderstood;
  const { content } = record;
  const systems = askedAhead(ports.world.systems, record.account, { routed, policy });
  try {
    const holder = await holderOf(ports.world.people.directory, record.account, {
      policy,
      urgent: isUrgentAsking(routed),
    });
    ({ person } = holder);
    const viewer = { person: holder.barred ? undefined : person, place: record.place, policy };
    routed = await asSeen(ports, { content, routed: typed, viewer });
    understood = understand(ports, { content, routed, viewer });
    routed = understood.read?.routed ?? routed;
    const authorised = await authorise(ports, record, { routed, policy, holder });
    if (!authorised.allowed) {
      const card = withOffers(authorised.card, understood);
      return { reply: { card, private: true }, outcome: authorised.outcome, person, routed };
    }
    const { command, input } = authorised.ready;
    const context = contextOf({ ...ports, world: { ...ports.world, systems } }, record, {
      person: authorised.person,
      policy,
    });
    const reply = await withinTime(command.run(input, context));
    const told = understood.read ? { ...reply, card: tellsReading(reply.card, understood.read.line) } : reply;
    return { reply: told, outcome: reply.refused ? "refused" : "answered", person, routed };
  } catch (error) {
    const { card, outcome } = explainFailure(error, { reference: record.key, log: ports.log });
    const viewer = { person, place: record.place, policy };
    const offers = person ? offersInstead(ports, { content, viewer }, { error, understood }) : [];
    return {
      reply: { card: { ...card, ...(offers.length > 0 && { actions: offers }) }, private: true },
      outcome,
      person,
      routed,
    };
  }
}

function contextOf(
  { world, catalogue }: DeliveryPorts,
  { key, account, place, acceptedAt }: InvocationRecord,
  { person, policy }: { readonly person: Person; readonly policy: Policy },
): CommandContext {
  return {
    ...world,
    people: { ...world.people, policy: () => policy },
    catalogue,
    invocation: { id: key, person, account: accountText(account), place, now: acceptedAt },
  };
}

function withinTime<Result>(work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`the command did not end within ${runWithinMs / 1_000} s`)),
    runWithinMs,
  );
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}
