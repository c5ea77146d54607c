import { fastify } from "fastify";
import { onTestFinished } from "vitest";
import type { Store } from "../../src/domain/store.ts";
import type { LiveSender } from "../../src/intake/authenticate.ts";
import type { LiveHeartbeat } from "../../src/intake/heartbeat.ts";
import type { BodyLimits } from "../../src/intake/read-body.ts";
import { registerWebhooks } from "../../src/intake/register-webhooks.ts";
import type { WebhookPorts } from "../../src/intake/webhook-ports.ts";
import { wakingStore } from "../../src/store/waking-store.ts";
import { startExplodeWorker } from "../../src/workers/explode.ts";
import { scratchStore } from "../fakes/scratch-store.ts";
import { quiet } from "../stories/room.ts";

export const sender: LiveSender = {
  id: "am",
  kind: "alertmanager",
  system: "logos",
  user: "prom",
  tokens: ["first-token", "second-token"],
};

export interface Intake {
  readonly store: Store;
  readonly url: string;
  readonly told: { quarantined: number };
  readonly post: (
    body: string | Uint8Array<ArrayBuffer>,
    how?: { readonly path?: string; readonly authorization?: string; readonly type?: string },
  ) => Promise<Response>;
  /** Everything that was accepted is put on record from now on. */
  work(): void;
}

/** The way in on a port of its own, with nothing that works off what comes in until it is told to. */
export async function openIntake(
  options: {
    readonly senders?: readonly LiveSender[];
    readonly heartbeats?: readonly LiveHeartbeat[];
    readonly limits?: BodyLimits;
    readonly unproven?: WebhookPorts["unproven"];
    readonly commitMs?: number;
    readonly store?: (store: Store) => Store;
  } = {},
): Promise<Intake> {
  const wake = { up: (): void => {} };
  const store = wakingStore(scratchStore(), () => wake.up());
  const told = { quarantined: 0 };
  const app = fastify({ logger: false, forceCloseConnections: true });
  registerWebhooks(app, {
    store: options.store?.(store) ?? store,
    log: quiet,
    senders: () => options.senders ?? [sender],
    heartbeats: () => options.heartbeats ?? [],
    quarantined: () => void (told.quarantined += 1),
    ...(options.limits && { limits: options.limits }),
    ...(options.unproven && { unproven: options.unproven }),
    ...(options.commitMs !== undefined && { commitMs: options.commitMs }),
  });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  onTestFinished(() => app.close());
  return {
    store,
    url,
    told,
    post: (
      body,
      { path = "/webhooks/alertmanager", authorization = "Bearer first-token", type = "application/json" } = {},
    ) => fetch(`${url}${path}`, { method: "POST", body, headers: { authorization, "content-type": type } }),
    work() {
      const worker = startExplodeWorker({
        store,
        log: quiet,
        system: (name) => (name === "prsm" ? { id: "prsm" } : undefined),
        quarantined: () => void (told.quarantined += 1),
      });
      wake.up = () => worker.wake();
      onTestFinished(() => worker.stop());
    },
  };
}
