import { z } from "zod";
import { invocationOf, postedMessage, recordDelivery, recordUndeliverable } from "../acts/messages/record-delivery.ts";
import { AnswerNotice } from "../acts/messages/record-invocation.ts";
import { requestCard } from "../cards/request.ts";
import { BackendError } from "../domain/failure.ts";
import type { Log } from "../domain/log.ts";
import type { Card } from "../domain/messages/card.ts";
import type { Courier, MessageRef, Outgoing } from "../domain/messages/message.ts";
import { Place } from "../domain/messages/place.ts";
import type { Meter } from "../domain/meter.ts";
import type { Policy } from "../domain/people/policy.ts";
import { type SurfaceTraits, surfaceName } from "../domain/people/surface.ts";
import type { Claimed, Store } from "../domain/store.ts";
import { filesKept, withoutMissing } from "../records/kept-files.ts";
import { noticeQueue } from "../records/notice.ts";
import { readRequest } from "../records/request.ts";
import { type Handled, type QueueWorker, startQueueWorker } from "./queue-worker.ts";

export interface DeliveryPorts {
  readonly store: Store;
  readonly log: Log;
  readonly meter: Meter;
  /** The surface whose queue this worker empties. */
  readonly surface: string;
  /** All that run: a message that cannot go where it belongs goes to the operators, on another one if need be. */
  readonly couriers: ReadonlyMap<string, Courier>;
  /** Every surface there is. */
  readonly surfaces: readonly SurfaceTraits[];
  readonly policyInForce: () => Promise<Policy>;
}

const RequestNotice = z.object({
  kind: z.literal("request"),
  request: z.string(),
  place: Place,
});
const Notice = z.discriminatedUnion("kind", [RequestNotice, AnswerNotice]);
type Notice = z.output<typeof Notice>;

/** About a day of attempts, the last ones a minute apart. */
const mostAttempts = 1_440;

/**
 * How often a run that is under way is shown step by step. Discord takes five edits of a channel in five seconds: the end
 * of a run must not wait until its steps have been shown.
 */
const progressEveryMs = 3_000;

/** Delivers what is owed to a surface: posts a message the first time, brings it up to date after that. */
export function startDeliveryWorker(ports: DeliveryPorts): QueueWorker {
  const progress = new Map<string, number>();
  return startQueueWorker({
    queue: noticeQueue(ports.surface),
    store: ports.store,
    log: ports.log,
    leaseMs: 30_000,
    parallel: 16,
    everyMs: 250,
    handle: (item) => deliver(ports, item, progress),
  });
}

interface Due {
  readonly item: Claimed;
  readonly notice: Notice;
  readonly message: Outgoing;
}

/** `progress` has, for each copy of a run under way, when it was last shown: store time, ms. */
async function deliver(
  ports: DeliveryPorts,
  item: Claimed,
  progress: Map<string, number>,
): Promise<Handled | undefined> {
  const notice = Notice.parse(item.body);
  const owed = await outgoing(ports.store, notice, item.id);
  if (owed === undefined) return { done: true };
  if (owed.about?.state === "EXECUTING") {
    const now = await ports.store.now();
    const retryAt = (progress.get(item.id) ?? Number.NEGATIVE_INFINITY) + progressEveryMs;
    if (retryAt > now) return { done: false, retryAt };
    progress.set(item.id, now);
  } else progress.delete(item.id);
  // A later fence means that somebody held it before: a sender that died may have sent it.
  const due: Due = { item, notice, message: { ...owed, ...(item.fence > 1 && { again: true }) } };
  try {
    const ref = await send(ports, due);
    await recordDelivery(ports.store, item, ref);
    ports.meter.count("wardroom_deliveries_total", { surface: ref.surface, outcome: "delivered" });
    return undefined;
  } catch (error) {
    ports.meter.count("wardroom_deliveries_total", { surface: ports.surface, outcome: "failed" });
    return afterFailure(ports, due, error);
  }
}

async function send(ports: DeliveryPorts, due: Due): Promise<MessageRef> {
  const posted = await postedMessage(ports.store, due.item.id);
  const courier = ports.couriers.get(posted?.surface ?? due.notice.place.surface);
  if (!courier) throw new BackendError(ports.surface, { fault: "unreachable", detail: "is not running here" });
  if (!posted) return courier.post(due.notice.place, due.message);
  if (!standsOpenly(posted, due)) return courier.edit(posted, due.message);
  // Everybody there sees the placeholder, so what one person may see is never put in its place.
  await courier.remove?.(posted).catch((error: unknown) => {
    ports.log.warn("a placeholder could not be taken away", { notice: due.item.id, error });
  });
  return courier.post(due.notice.place, due.message);
}

/** An answer for one person, whose placeholder was shown where it was asked. */
function standsOpenly(posted: MessageRef, { notice: { place }, message: { audience } }: Due): boolean {
  return audience !== undefined && !place.direct && [place.channel, place.thread].includes(posted.channel);
}

/** What cannot go where it belongs goes to the operators; what can only not go now is tried again, for a day. */
async function afterFailure(ports: DeliveryPorts, due: Due, error: unknown): Promise<undefined> {
  // What was asked in private, or is for one person, is for nobody else.
  const open = due.notice.kind === "answer" && !due.message.audience && !due.notice.place.direct;
  if (open && hopeless(error)) {
    const ref = await sendToOperators(ports, due, error);
    if (ref) {
      await recordDelivery(ports.store, due.item, ref);
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
async function sendToOperators(ports: DeliveryPorts, due: Due, error: BackendError): Promise<MessageRef | undefined> {
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
    const courier = ports.couriers.get(surface);
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

/** The message as it should stand now; undefined when what it is about is gone. */
async function outgoing(store: Store, notice: Notice, nonce: string): Promise<Outgoing | undefined> {
  switch (notice.kind) {
    case "answer": {
      const files = filesKept(notice.files);
      const card = withoutMissing(notice.card, files);
      // Somebody waits for an answer; a trouble that is told can wait for its turn.
      const lane = invocationOf(nonce) === undefined ? "notice" : "reply";
      return { card, files, nonce, lane, ...(notice.audience && { audience: notice.audience }) };
    }
    case "request": {
      const read = await readRequest(store, notice.request);
      if (!read) return undefined;
      const { id, state } = read.request;
      return { card: requestCard(read.request, read.sealed), files: [], nonce, about: { kind: "request", id, state } };
    }
    default:
      return notice satisfies never;
  }
}
