import { recordSent, recordUndeliverable } from "../acts/messages/record-sent.ts";
import { storeButtons } from "../acts/messages/store-buttons.ts";
import { strayCopy } from "../cards/stray-copy.ts";
import { type Shown, showSubject } from "../cards/subjects.ts";
import { BackendError } from "../domain/failure.ts";
import type { Log } from "../domain/log.ts";
import type { Card } from "../domain/messages/card.ts";
import type { MessageRef, Outgoing, Outlet } from "../domain/messages/message.ts";
import { withoutMissing } from "../domain/messages/missing-files.ts";
import { subjectTraits } from "../domain/messages/subject.ts";
import type { Meter } from "../domain/meter.ts";
import type { Policy } from "../domain/people/policy.ts";
import { type SurfaceTraits, surfaceName } from "../domain/people/surface.ts";
import type { Claimed, Store } from "../domain/store.ts";
import { UnreadableRecord } from "../domain/unreadable.ts";
import { readSubject } from "../reads/subject.ts";
import { deliveryOf, invocationAnswered } from "../records/invocation.ts";
import { standingMessage } from "../records/message.ts";
import { noticeQueues, type OwedMessage, readNotice } from "../records/notice.ts";
import { type Handled, type QueueWorker, startQueueWorker } from "./queue-worker.ts";

export interface NoticePorts {
  readonly store: Store;
  readonly log: Log;
  readonly meter: Meter;
  /** The surface whose queue this worker empties. */
  readonly surface: string;
  /** All that run: a message that cannot go where it belongs goes to the operators, on another one if need be. */
  readonly outlets: ReadonlyMap<string, Outlet>;
  /** Every surface there is. */
  readonly surfaces: readonly SurfaceTraits[];
  readonly policyInForce: () => Promise<Policy>;
}

/** About a day of attempts, the last ones a minute apart. */
const mostAttempts = 1_440;

/** How many are sent at the same time from each queue. What is urgent is little, and finds its own free at once. */
const parallel = 16;

/** Delivers what is owed to a surface, by queue: posts a message the first time, brings it up to date after that. */
export function startNoticeWorkers(ports: NoticePorts): ReadonlyMap<string, QueueWorker> {
  const { store, log } = ports;
  const common = { store, log, leaseMs: 30_000, parallel, everyMs: 250 };
  return new Map(
    noticeQueues(ports.surface).map((queue) => {
      const lastShown = new Map<string, number>();
      return [queue, startQueueWorker({ ...common, queue, handle: (item) => deliver(ports, item, lastShown) })];
    }),
  );
}

interface Due {
  readonly item: Claimed;
  readonly notice: OwedMessage;
  readonly message: Outgoing;
  /** Of a thing whose revisions are counted: the one that it shows. */
  readonly rev?: number;
  /** It is said under this message, as one of its own. */
  readonly under?: MessageRef;
}

/** How soon it is looked again whether the message stands that something is to be said under, ms. */
const underNothingMs = 2_000;

async function underNothingYet({ store }: NoticePorts): Promise<Handled> {
  return { done: false, retryAt: (await store.now()) + underNothingMs };
}

/** `lastShown` has, for each message that changes all the time, when it was last shown: store time, ms. */
async function deliver(
  ports: NoticePorts,
  item: Claimed,
  lastShown: Map<string, number>,
): Promise<Handled | undefined> {
  const notice = readNotice(item);
  const shown = await shownNow(ports.store, notice).catch(unreadableFor(item));
  if (shown === undefined) {
    ports.log.warn("what a message was about is no longer kept or cannot be read, so it is not sent", {
      notice: item.id,
    });
    return { done: true };
  }
  const { everyMs, rev, said, ...content } = shown;
  // What the message itself is yet to say need not be said under it.
  if (said && (said.isEmpty || !said.under)) return said.isEmpty ? { done: true } : underNothingYet(ports);
  if (everyMs !== undefined) {
    const now = await ports.store.now();
    const retryAt = (lastShown.get(item.id) ?? Number.NEGATIVE_INFINITY) + everyMs;
    if (retryAt > now) return { done: false, retryAt };
    lastShown.set(item.id, now);
  } else lastShown.delete(item.id);
  // A later fence means that somebody held it before: a sender that died may have sent it.
  const again = item.fence > 1 && { again: true };
  const nonce = said ? `${item.id}.${said.after}` : item.id;
  const under = said?.under;
  const due: Due = {
    item,
    notice,
    message: { ...content, nonce, lane: notice.lane, ...again },
    ...(rev !== undefined && { rev }),
    ...(under && { under }),
  };
  try {
    const ref = await send(ports, due);
    await recordSent(ports.store, item, {
      ref,
      subject: notice.subject,
      keptFiles: content.files.length > 0,
      ...(rev !== undefined && { rev }),
    });
    ports.meter.count("wardroom_deliveries_total", { surface: ref.surface, outcome: "delivered" });
    return undefined;
  } catch (error) {
    ports.meter.count("wardroom_deliveries_total", { surface: ports.surface, outcome: "failed" });
    return afterFailure(ports, due, error);
  }
}

/** What it is about may be readable again later, and is tried for as long as everything else that cannot be sent. */
function unreadableFor(item: Claimed): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof UnreadableRecord) || item.attempts < mostAttempts) throw error;
  };
}

/** The message as it should stand now; undefined when what it is about is gone. */
async function shownNow(store: Store, { subject, frozen, stray }: OwedMessage): Promise<Shown | undefined> {
  if (frozen) return { ...frozen, card: withoutMissing(frozen.card, frozen.files) };
  const data = subject && (await readSubject(store, subject));
  if (!subject || !data) return undefined;
  const shown = showSubject(data);
  if (stray) return { ...shown, card: strayCopy(shown.card) };
  return { ...shown, card: await storeButtons(store, shown.card, subject) };
}

async function send(ports: NoticePorts, due: Due): Promise<MessageRef> {
  if (due.under) return sayUnder(ports, due, due.under);
  const posted = await standingMessage(ports.store, due.item.id);
  const outlet = ports.outlets.get(posted?.surface ?? due.notice.place.surface);
  if (!outlet) throw new BackendError(ports.surface, { fault: "unreachable", detail: "is not running here" });
  const { courier, remover } = outlet;
  if (!posted) return courier.post(due.notice.place, { ...due.message, ...(await answeredBefore(ports.store, due)) });
  if (!standsOpenly(posted, due)) return courier.edit(posted, due.message);
  // Everybody there sees the placeholder, so what one person may see is never put in its place.
  await remover?.remove(posted).catch((error: unknown) => {
    ports.log.warn("a placeholder could not be taken away", { notice: due.item.id, error });
  });
  return courier.post(due.notice.place, due.message);
}

/** In the thread of a message, wherever that stands. */
async function sayUnder(ports: NoticePorts, { item, message: said }: Due, under: MessageRef): Promise<MessageRef> {
  const outlet = ports.outlets.get(under.surface);
  if (!outlet) throw new BackendError(under.surface, { fault: "unreachable", detail: "is not running here" });
  // Its notice is recorded with the line that was said before.
  const before = said.again ? await standingMessage(ports.store, item.id) : undefined;
  const message: Outgoing = { ...said, line: before?.surface === under.surface ? { after: before.id } : {} };
  if (outlet.threads) return outlet.threads.say(under, message);
  const { surface, channel, id } = under;
  return outlet.courier.post({ surface, channel, thread: id }, message);
}

/** What it answers, where a process that died may have begun to: its surface may show something of that already. */
async function answeredBefore(store: Store, { item, notice: { subject } }: Due): Promise<Pick<Outgoing, "answers">> {
  // What is owed to a channel for the first time answers nobody.
  if (!subject || (item.fence === 1 && subject.kind !== "answer")) return {};
  const invocation = await invocationAnswered(store, { notice: item.id, subject });
  return invocation ? { answers: deliveryOf(invocation) } : {};
}

/** An answer for one person, whose placeholder was shown where it was asked. */
function standsOpenly(posted: MessageRef, { notice: { place }, message: { audience } }: Due): boolean {
  return audience !== undefined && !place.direct && [place.channel, place.thread].includes(posted.channel);
}

/** What cannot go where it belongs goes to the operators; what can only not go now is tried again, for a day. */
async function afterFailure(ports: NoticePorts, due: Due, error: unknown): Promise<undefined> {
  const { subject, place } = due.notice;
  const { diverted } = subjectTraits[subject?.kind ?? "trouble"];
  // What was asked in private, or is for one person, is for nobody else.
  const open = diverted && !due.message.audience && !place.direct;
  if (open && hopeless(error)) {
    const ref = await sendToOperators(ports, due, error);
    if (ref) {
      const rev = due.rev === undefined ? {} : { rev: due.rev };
      await recordSent(ports.store, due.item, { ref, subject, keptFiles: due.message.files.length > 0, ...rev });
      ports.meter.count("wardroom_deliveries_total", { surface: ref.surface, outcome: "diverted" });
      return undefined;
    }
  }
  // Another copy of a request's card, or the answer to somebody who is gone, is not worth a day of knocking.
  if (due.item.attempts < (hopeless(error) ? hopelessAttempts : mostAttempts)) throw error;
  ports.log.error("a message could not be delivered and is given up", { notice: due.item.id, error });
  ports.meter.count("wardroom_deliveries_total", { surface: ports.surface, outcome: "dead" });
  await recordUndeliverable(ports.store, due.item, {
    surface: ports.surface,
    title: due.message.card.title,
    why: error instanceof BackendError ? error.message : "it failed here",
    ...(due.rev !== undefined && subject && { unshown: { subject, place, rev: due.rev } }),
  });
  return undefined;
}

/** About half an hour: long enough for somebody to invite the bot back. */
const hopelessAttempts = 36;

/** The platform has said that this will not go there, however often it is tried. */
function hopeless(error: unknown): error is BackendError {
  return error instanceof BackendError && ["missing", "refused", "unauthorised"].includes(error.fault);
}

/** Channels for the bot's own troubles, on the same surface first. Undefined when none of them takes it either. */
async function sendToOperators(ports: NoticePorts, due: Due, error: BackendError): Promise<MessageRef | undefined> {
  const { place } = due.notice;
  const policy = await ports.policyInForce();
  const elsewhere = policy.channels
    .filter((each) => each.operator && !(each.surface === place.surface && each.channel === place.channel))
    .toSorted((a, b) => Number(b.surface === place.surface) - Number(a.surface === place.surface));
  const channel = policy.channels.find((each) => each.surface === place.surface && each.channel === place.channel);
  // What is told to the operators is told in each of their channels anyway.
  if (channel?.operator) return undefined;
  const meantFor = `Meant for ${channel?.title ?? channel?.id ?? "a channel"} on ${surfaceName(ports.surfaces, place.surface)}. ${error.message}`;
  for (const { surface, channel: id } of elsewhere) {
    const courier = ports.outlets.get(surface)?.courier;
    // A platform that does not run here takes nothing, and is no reason to leave the next one out.
    if (!courier) continue;
    try {
      const card: Card = { ...due.message.card, footer: [meantFor, due.message.card.footer].filter(Boolean).join(" ") };
      return await courier.post({ surface, channel: id }, { ...due.message, card });
    } catch (failure) {
      ports.log.warn("a message could not be diverted to the operators' channel", { surface, error: failure });
    }
  }
  return undefined;
}
