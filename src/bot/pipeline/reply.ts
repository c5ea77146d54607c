import { answerInvocation, type InvocationAnswer } from "../../acts/messages/answer-invocation.ts";
import { recordSent } from "../../acts/messages/record-sent.ts";
import type { Reply } from "../../domain/commands/command.ts";
import type { Log } from "../../domain/log.ts";
import type { Card } from "../../domain/messages/card.ts";
import type { MessageRef, Outgoing } from "../../domain/messages/message.ts";
import { lacksFiles } from "../../domain/messages/missing-files.ts";
import { accountText } from "../../domain/people/person.ts";
import type { InvocationRecord } from "../../records/invocation.ts";
import { readMessage } from "../../records/message.ts";
import { noticeId } from "../../records/notice.ts";
import type { Delivery } from "../surface.ts";
import type { Accepted } from "./accept.ts";
import { isQuestion } from "./is-question.ts";
import type { DeliveryPorts } from "./ports.ts";
import type { Ended } from "./run.ts";

/**
 * Commits the answer with its journal entry and the reply owed, and then sends it. What cannot be sent now is left to
 * whoever delivers notices; without a `delivery` it is theirs from the start.
 */
export async function reply(
  ports: DeliveryPorts,
  accepted: Accepted,
  { ended, delivery }: { readonly ended: Ended; readonly delivery?: Delivery | undefined },
): Promise<void> {
  const { record, routed, revision } = accepted;
  const { store } = ports.world;
  const committed = await answerInvocation(store, record, {
    answer: answerOf(ended.reply),
    now: await store.now(),
    sendsItself: delivery !== undefined,
    question: isQuestion(routed),
    revision,
    journal: entryOf(accepted, ended),
  });
  if (!committed) ports.log.warn("another process answered a command that this one took too long for");
  if (!delivery || !committed) return;
  const { card, nonce, owed, subject, keptFiles } = committed;
  const { files = [], about, calls } = ended.reply;
  const message: Outgoing = {
    card,
    files,
    nonce,
    lane: "reply",
    outcome: ended.outcome,
    ...(about && { about }),
    ...(calls && { calls }),
    ...(subject.kind === "follow" && { follows: subject.follow }),
    ...(ended.reply.private && { audience: record.account }),
  };
  const sent = await respondOrLeave(ports.log, delivery, message);
  if (sent === "left" || !owed) return;
  const { surface, channel } = record.place;
  await recordSent(store, owed, { ref: sent ?? { surface, channel }, subject, keptFiles });
}

/** A delivery that came again: what stands already is not said twice; what is still owed is sent under the same nonce, once. */
export async function replyAgain(
  ports: DeliveryPorts,
  { account, place, answer }: InvocationRecord,
  delivery: Delivery,
): Promise<void> {
  if (!answer) return;
  const nonce = noticeId(answer.subject, place);
  const stands = (await readMessage(ports.world.store, nonce)) !== undefined;
  ports.log.info("a delivery came again", { stands });
  // Files are with what is owed, and whoever delivers that has them.
  if (stands || lacksFiles(answer.card, [])) return;
  const audience = answer.private && { audience: account };
  await delivery.respond({ card: answer.card, files: [], nonce, again: true, lane: "reply", ...audience });
}

/** Tells the person who asked, alone, that their delivery could not be handled. Never throws. */
export async function sayBroken(delivery: Delivery, card: Card, log: Log): Promise<void> {
  const nonce = `broken:${delivery.id}`;
  try {
    await delivery.respond({ card, files: [], nonce, audience: delivery.account, lane: "reply" });
  } catch (error) {
    log.error("a failure could not be told to the person who asked", { error });
  }
}

function answerOf({ card, files = [], alerts, subject, private: isPrivate = false }: Reply): InvocationAnswer {
  return { card, files, private: isPrivate, ...(alerts && { alerts }), ...(subject && { subject }) };
}

function entryOf({ record }: Accepted, { routed, person, command, outcome, ms }: Ended) {
  const { key, account, place, acceptedAt } = record;
  return {
    kind: "invocation" as const,
    at: acceptedAt,
    who: { person: person?.id ?? null, ...(person && { name: person.name }), account: accountText(account) },
    invocation: key,
    command,
    arguments: routed.kind === "unreadable" ? {} : asText(routed.values),
    place: `${place.surface}:${place.channel}`,
    outcome,
    ms,
  };
}

function asText(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

async function respondOrLeave(
  log: Log,
  delivery: Delivery,
  message: Outgoing,
): Promise<MessageRef | undefined | "left"> {
  try {
    return await delivery.respond(message);
  } catch (error) {
    log.warn("a reply could not be sent and is left to delivery", { error });
    return "left";
  }
}
