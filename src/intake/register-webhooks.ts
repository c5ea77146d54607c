import type { FastifyInstance, FastifyRequest } from "fastify";
import { acceptBatch, type PostedBody, quarantineBody } from "../acts/alerts/accept-batch.ts";
import { batchIn } from "../domain/alerts/reported-alert.ts";
import { countedRefusals } from "../http/refusals.ts";
import { type Answer, answered, commitWithinMs, postedText, sendAgain, within } from "./answer.ts";
import { type LiveSender, ownerOf } from "./authenticate.ts";
import { registerGeneric } from "./generic.ts";
import { registerHeartbeats } from "./heartbeat.ts";
import { registerPagerDuty } from "./pagerduty.ts";
import { type BodyRead, BodyReader, bodyLimits, type CompleteBody } from "./read-body.ts";
import type { WebhookPorts } from "./webhook-ports.ts";

/** Kinds of senders whose batches have the form of Alertmanager's webhook. */
const batchKinds = ["alertmanager", "grafana"] as const;

/**
 * Takes what is posted at `/webhooks/<kind>`. What is kept is answered 2xx with the id under which it is found; what may go
 * better later 503, which senders repeat; only what can never be read 400, once it is in quarantine. Never 413 or 429: a batch
 * that was answered so is not sent again in time.
 */
export function registerWebhooks(app: FastifyInstance, ports: WebhookPorts): void {
  const refused = countedRefusals((count) =>
    ports.log.warn("alerts were posted without the token of a configured sender", { count }),
  );
  // A scope of its own: the body is kept as it came, however large, and is not read before it is known whose it is.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    registerBatches(scope, ports, refused);
    registerPagerDuty(scope, ports, refused);
    registerGeneric(scope, ports, refused);
    registerHeartbeats(scope, ports, refused);
  });
}

function registerBatches(scope: FastifyInstance, ports: WebhookPorts, refused: () => void): void {
  const reader = new BodyReader(ports.limits ?? bodyLimits);
  for (const kind of batchKinds) {
    const senderAt = (request: FastifyRequest): LiveSender | "closed" | undefined => {
      const senders = ports.senders().filter((each) => each.kind === kind);
      return senders.length === 0 ? "closed" : ownerOf(request.headers.authorization, senders);
    };
    scope.post(`/webhooks/${kind}`, {
      onRequest: async (request, reply) => {
        const sender = senderAt(request);
        if (sender === "closed")
          return answered(reply, { code: 404, said: { error: `no sender of kind ${kind} is configured` } });
        if (sender) return undefined;
        refused();
        return answered(reply, { code: 401, said: { error: "no sender has this token" } });
      },
      handler: async (request, reply) => {
        const sender = senderAt(request);
        // The files were read anew meanwhile.
        if (!sender || sender === "closed") return answered(reply, sendAgain);
        return answered(reply, await reader.read(request.raw, (read) => answerTo(ports, sender, read)));
      },
    });
  }
}

async function answerTo(ports: WebhookPorts, sender: LiveSender, read: BodyRead): Promise<Answer> {
  if (!("bytes" in read)) return sendAgain;
  try {
    return await within(ports.commitMs ?? commitWithinMs, keep(ports, sender, read));
  } catch (error) {
    ports.log.error("a batch of alerts could not be kept, and its sender was told to send it again", {
      sender: sender.id,
      error,
    });
    return sendAgain;
  }
}

async function keep({ store, quarantined }: WebhookPorts, sender: LiveSender, read: CompleteBody): Promise<Answer> {
  const { text, unusable } = postedText(read, "have its sender group alerts more finely");
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
