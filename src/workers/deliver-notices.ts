import { z } from "zod";
import { postedMessage, recordDelivery } from "../acts/record-delivery.ts";
import { AnswerNotice } from "../acts/record-invocation.ts";
import { noticeQueue, readRequest } from "../acts/request-record.ts";
import type { Card } from "../domain/card.ts";
import type { Courier, MessageRef, Outgoing } from "../domain/message.ts";
import { Place } from "../domain/policy.ts";
import type { Log, Meter } from "../domain/ports.ts";
import { requestCard } from "../domain/request-card.ts";
import type { Claimed, Store } from "../domain/store.ts";
import { type Handled, type QueueWorker, startQueueWorker } from "./queue-worker.ts";

export interface DeliveryPorts {
  readonly store: Store;
  readonly log: Log;
  readonly meter: Meter;
  readonly couriers: ReadonlyMap<string, Courier>;
}

const RequestNotice = z.object({
  kind: z.literal("request"),
  request: z.string(),
  place: Place,
});
const Notice = z.discriminatedUnion("kind", [RequestNotice, AnswerNotice]);
type Notice = z.output<typeof Notice>;

/** Delivers what is owed: posts a message the first time, brings it up to date after that. */
export function startDeliveryWorker(ports: DeliveryPorts): QueueWorker {
  return startQueueWorker({
    queue: noticeQueue,
    store: ports.store,
    log: ports.log,
    leaseMs: 30_000,
    parallel: 8,
    everyMs: 250,
    handle: (item) => deliver(ports, item),
  });
}

async function deliver(ports: DeliveryPorts, item: Claimed): Promise<Handled | undefined> {
  const notice = Notice.parse(item.body);
  const courier = ports.couriers.get(notice.place.surface);
  if (!courier) {
    ports.log.warn("a notice for a surface that is not running was dropped", {
      notice: item.id,
      surface: notice.place.surface,
    });
    return { done: true };
  }
  const message = await outgoing(ports.store, notice, item.id);
  if (message === undefined) return { done: true };
  try {
    const ref = await send(ports, courier, { item, notice, message });
    await recordDelivery(ports.store, item, ref);
    ports.meter.count("wardroom_deliveries_total", { surface: courier.surface, outcome: "delivered" });
    return undefined;
  } catch (error) {
    ports.meter.count("wardroom_deliveries_total", { surface: courier.surface, outcome: "failed" });
    throw error;
  }
}

async function send(
  ports: DeliveryPorts,
  courier: Courier,
  due: { item: Claimed; notice: Notice; message: Outgoing },
): Promise<MessageRef> {
  const posted = await postedMessage(ports.store, due.item.id);
  if (!posted) return courier.post(due.notice.place, due.message);
  return courier.edit(posted, due.message);
}

/** The message as it should stand now; undefined when what it is about is gone. */
async function outgoing(store: Store, notice: Notice, nonce: string): Promise<Outgoing | undefined> {
  switch (notice.kind) {
    case "answer": {
      const card: Card = notice.card;
      return { card, files: [], nonce, ...(notice.audience && { audience: notice.audience }) };
    }
    case "request": {
      const read = await readRequest(store, notice.request);
      return read && { card: requestCard(read.request, read.sealed), files: [], nonce };
    }
    default:
      return notice satisfies never;
  }
}
