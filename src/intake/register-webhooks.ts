import type { FastifyInstance } from "fastify";
import { acceptBatch } from "../acts/alerts/accept-batch.ts";
import { batchIn } from "../domain/alerts/reported-alert.ts";
import { countedRefusals } from "../http/refusals.ts";
import { openBearerDoor } from "./bearer-door.ts";
import { registerGeneric } from "./generic.ts";
import { registerHeartbeats } from "./heartbeat.ts";
import { registerPagerDuty } from "./pagerduty.ts";
import { BodyReader, bodyLimits } from "./read-body.ts";
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
    // What a sender calls its body is of no account, and a name that is none would be answered 415.
    scope.addHook("onRequest", async ({ headers }) => {
      if (headers["content-type"] !== undefined) headers["content-type"] = "application/octet-stream";
    });
    scope.addHook("preParsing", async (_request, reply) => {
      const leaves = ports.arrives?.();
      if (leaves) reply.raw.once("close", leaves);
    });
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    registerBatches(scope, ports, refused);
    registerPagerDuty(scope, ports, refused);
    registerGeneric(scope, ports, refused);
    registerHeartbeats(scope, ports, refused);
  });
}

function registerBatches(scope: FastifyInstance, ports: WebhookPorts, refused: () => void): void {
  const reader = new BodyReader(ports.limits ?? bodyLimits);
  for (const kind of batchKinds)
    openBearerDoor(scope, ports, refused, {
      path: `/webhooks/${kind}`,
      kind,
      reader,
      tooLarge: "have its sender group alerts more finely",
      async keep(posted) {
        const batch = batchIn(posted.text);
        if ("unusable" in batch) return batch;
        return { trace: await acceptBatch(ports.store, posted, batch), alerts: batch.alerts.length };
      },
    });
}
