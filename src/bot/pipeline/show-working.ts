import { recordPlaceholder } from "../../acts/messages/record-sent.ts";
import type { Log } from "../../domain/log.ts";
import type { Outgoing } from "../../domain/messages/message.ts";
import type { Store } from "../../domain/store.ts";
import type { InvocationRecord } from "../../records/invocation.ts";
import { repeatUntilEnded } from "../chat/repeat-until-ended.ts";
import type { Delivery } from "../surface.ts";

/** After so long the person is shown that the answer is under way, and then again every so often. */
const workingAfterMs = 1_000;
const workingEveryMs = 5_000;

/** Shows that an answer is under way, where it will stand; a placeholder that outlives its process is answered into. */
export function showWorking(
  ports: { readonly store: Store; readonly log: Log },
  invocation: Pick<InvocationRecord, "key" | "place">,
  delivery: Delivery | undefined,
): { end(): Promise<void> } {
  if (!delivery?.working) return { end: async () => {} };
  let placed = false;
  const started = performance.now();
  const show = async (): Promise<void> => {
    const seconds = Math.round((performance.now() - started) / 1_000);
    const ref = await delivery.working?.(workingMessage(delivery.id, seconds));
    if (ref && !placed) await recordPlaceholder(ports.store, invocation, ref);
    placed ||= ref !== undefined;
  };
  return repeatUntilEnded(show, {
    firstMs: workingAfterMs,
    everyMs: workingEveryMs,
    failed: (error) => ports.log.warn("that an answer is under way could not be shown", { error }),
  });
}

/** What stands where the answer will be; after a few seconds it says how long that takes already. */
export function workingMessage(delivery: string, seconds: number): Outgoing {
  const title = seconds < 3 ? "Working…" : `Working… ${seconds} s`;
  return { card: { tone: "neutral", title, blocks: [] }, files: [], nonce: `working:${delivery}`, lane: "reply" };
}
