import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { type PostedBody, quarantineBody } from "../acts/alerts/accept-batch.ts";
import { acceptTold } from "../acts/alerts/accept-told.ts";
import { pagerDutyEvent } from "../domain/alerts/pagerduty-event.ts";
import { parsedJson } from "../domain/alerts/reported-alert.ts";
import { UnprovenBodies } from "../http/unproven-bodies.ts";
import { type Answer, answered, commitWithinMs, noJson, postedText, within } from "./answer.ts";
import { type LiveSender, senderOfToken } from "./authenticate.ts";
import { type BodyLimits, type BodyRead, BodyReader, type CompleteBody } from "./read-body.ts";
import type { WebhookPorts } from "./webhook-ports.ts";

/** PagerDuty takes 512 KB. */
const eventLimits: BodyLimits = { mostBytes: 524_288, mostHeld: 32 * 1_048_576, withinMs: 10_000 };
/** Whose an event is mostly stands in it, so that it is read first: these take half of what may be held, and leave the rest to use. */
const unprovenLimits = { most: 32, withinMs: 5_000 };

const notTaken: Answer = {
  code: 503,
  said: { status: "unavailable", message: "Not taken now: send it again" },
};

/**
 * Takes events of PagerDuty's Events API v2, and answers as PagerDuty does: the routing key is the sender's token. An event that
 * can never be used goes into quarantine where its sender is known.
 */
export function registerPagerDuty(scope: FastifyInstance, ports: WebhookPorts, refused: () => void): void {
  const reader = new BodyReader({ ...eventLimits, ...ports.limits });
  const unproven = new UnprovenBodies({ ...unprovenLimits, ...ports.unproven });
  const senders = () => ports.senders().filter(({ kind }) => kind === "pagerduty");
  // Tools that are given the address of PagerDuty's own service add the path of its API to it.
  for (const path of ["/webhooks/pagerduty", "/webhooks/pagerduty/v2/enqueue"])
    scope.post(path, {
      onRequest: async (request, reply) => {
        const known = senders();
        if (known.length === 0)
          return answered(reply, { code: 404, said: { error: "no sender of kind pagerduty is configured" } });
        const header = request.headers["x-routing-key"];
        if (typeof header !== "string") unproven.hold(request.raw);
        else if (!senderOfToken(header, known)) {
          refused();
          return answered(reply, invalidKey);
        }
        return undefined;
      },
      handler: async (request, reply) => {
        const header = request.headers["x-routing-key"];
        const take = (read: BodyRead): Promise<Answer> =>
          answerTo(ports, read, { senders: senders(), refused, ...(typeof header === "string" && { header }) });
        return answered(reply, await reader.read(request.raw, take));
      },
    });
}

interface Door {
  readonly senders: readonly LiveSender[];
  readonly refused: () => void;
  /** The routing key, where it does not stand in the event. */
  readonly header?: string;
}

async function answerTo(ports: WebhookPorts, read: BodyRead, { senders, refused, header }: Door): Promise<Answer> {
  if (!("bytes" in read)) return notTaken;
  const { text, unusable } = postedText(read, "send less in one event");
  const parsed = unusable === undefined ? parsedJson(text) : undefined;
  const sender = senderOfToken(header ?? routingKeyIn(parsed), senders);
  if (!sender) {
    refused();
    return invalidKey;
  }
  const fault = unusable ?? (parsed === undefined ? noJson : undefined);
  try {
    return await within(ports.commitMs ?? commitWithinMs, keep(ports, { sender, read, text, parsed, fault }));
  } catch (error) {
    ports.log.error("an event could not be kept, and its sender was told to send it again", {
      sender: sender.id,
      error,
    });
    return notTaken;
  }
}

async function keep(
  { store, quarantined }: WebhookPorts,
  posted: {
    readonly sender: LiveSender;
    readonly read: CompleteBody;
    readonly text: string;
    readonly parsed: unknown;
    readonly fault: string | undefined;
  },
): Promise<Answer> {
  const { sender, read, text, parsed, fault } = posted;
  const body: PostedBody = { sender, text, bytes: read.size, digest: read.digest };
  const event = fault === undefined ? pagerDutyEvent(parsed, randomUUID().replaceAll("-", "")) : { errors: [fault] };
  if ("errors" in event) {
    await quarantineBody(store, body, event.errors.join("; "));
    quarantined();
    return invalid(event.errors);
  }
  const { trace } = await acceptTold(store, body, [event.told]);
  return { code: 202, said: { status: "success", message: "Event processed", dedup_key: event.key, trace } };
}

const invalidKey = invalid(["Invalid routing key"]);

function invalid(errors: readonly string[]): Answer {
  return { code: 400, said: { status: "invalid event", message: "Event object is invalid", errors } };
}

function routingKeyIn(parsed: unknown): string {
  if (typeof parsed !== "object" || parsed === null || !("routing_key" in parsed)) return "";
  return typeof parsed.routing_key === "string" ? parsed.routing_key : "";
}
