import { isUtf8 } from "node:buffer";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { acceptBatch, type PostedBody, quarantineBody } from "../acts/alerts/accept-batch.ts";
import { batchIn } from "../domain/alerts/reported-alert.ts";
import { senderKinds } from "../domain/alerts/sender.ts";
import type { Log } from "../domain/log.ts";
import type { Store } from "../domain/store.ts";
import { countedRefusals } from "../http/refusals.ts";
import { type LiveSender, senderOf } from "./authenticate.ts";
import { type BodyLimits, type BodyRead, BodyReader, bodyLimits, type CompleteBody } from "./read-body.ts";

export interface WebhookPorts {
  readonly store: Store;
  readonly log: Log;
  /** Who may post now. */
  readonly senders: () => readonly LiveSender[];
  /** Something that was posted could not be used. */
  readonly quarantined: () => void;
  readonly limits?: BodyLimits;
  /** How long the store may take, ms. */
  readonly commitMs?: number;
}

/** The sender's own deadline is ten seconds and more. */
const commitWithinMs = 8_000;
const again = { error: "not taken now: send it again" };

/**
 * Takes batches of alerts at `/webhooks/<kind>`. What is kept is answered 200 with the id under which it is found; what may go
 * better later 503, which senders repeat; only what can never be read 400, once it is in quarantine. Never 413 or 429: a batch
 * that was answered so is not sent again in time.
 */
export function registerWebhooks(app: FastifyInstance, ports: WebhookPorts): void {
  const reader = new BodyReader(ports.limits ?? bodyLimits);
  const refused = countedRefusals((count) =>
    ports.log.warn("alerts were posted without the token of a configured sender", { count }),
  );
  // A scope of its own: the body is kept as it came, however large, and is not read before it is known whose it is.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    for (const kind of senderKinds) {
      const senderAt = (request: FastifyRequest): LiveSender | "closed" | undefined => {
        const senders = ports.senders().filter((each) => each.kind === kind);
        return senders.length === 0 ? "closed" : senderOf(request.headers.authorization, senders);
      };
      scope.post(`/webhooks/${kind}`, {
        onRequest: async (request, reply) => {
          const sender = senderAt(request);
          if (sender === "closed") return reply.code(404).send({ error: `no sender of kind ${kind} is configured` });
          if (sender) return undefined;
          refused();
          return reply.code(401).header("www-authenticate", "Bearer").send({ error: "no sender has this token" });
        },
        handler: async (request, reply) => {
          const sender = senderAt(request);
          // The files were read anew meanwhile.
          if (!sender || sender === "closed") return reply.code(503).send(again);
          const { code, said } = await reader.read(request.raw, (read) => answerTo(ports, sender, read));
          if (code === 503) reply.header("retry-after", "5");
          return reply.code(code).send(said);
        },
      });
    }
  });
}

interface Answer {
  readonly code: 200 | 400 | 503;
  readonly said: Readonly<Record<string, string | number>>;
}

async function answerTo(ports: WebhookPorts, sender: LiveSender, read: BodyRead): Promise<Answer> {
  if (!("bytes" in read)) return { code: 503, said: again };
  try {
    return await within(ports.commitMs ?? commitWithinMs, keep(ports, sender, read));
  } catch (error) {
    ports.log.error("a batch of alerts could not be kept, and its sender was told to send it again", {
      sender: sender.id,
      error,
    });
    return { code: 503, said: again };
  }
}

async function keep({ store, quarantined }: WebhookPorts, sender: LiveSender, read: CompleteBody): Promise<Answer> {
  const { text, unusable } = textOf(read);
  const posted: PostedBody = { sender, text, bytes: read.size, digest: read.digest };
  const batch = unusable === undefined ? batchIn(text) : { unusable };
  if (!("unusable" in batch)) {
    const trace = await acceptBatch(store, posted, batch);
    return { code: 200, said: { trace, alerts: batch.alerts.length } };
  }
  const trace = await quarantineBody(store, posted, batch.unusable);
  quarantined();
  return { code: 400, said: { error: `it was put in quarantine: ${batch.unusable}`, trace } };
}

function textOf({ is, bytes, size }: CompleteBody): { readonly text: string; readonly unusable?: string } {
  const lossy = bytes.toString("utf8");
  if (is === "large")
    return {
      text: lossy,
      unusable: `it has ${Math.ceil(size / 1_048_576)} MiB, which is too much: have its sender group alerts more finely`,
    };
  return isUtf8(bytes) ? { text: lossy } : { text: lossy, unusable: "it is no UTF-8" };
}

async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`the store did not answer within ${ms / 1_000} s`)), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
