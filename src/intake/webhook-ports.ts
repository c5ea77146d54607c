import type { Log } from "../domain/log.ts";
import type { Store } from "../domain/store.ts";
import type { LiveSender } from "./authenticate.ts";
import type { LiveHeartbeat } from "./heartbeat.ts";
import type { BodyLimits } from "./read-body.ts";

export interface WebhookPorts {
  readonly store: Store;
  readonly log: Log;
  /** Who may post now. */
  readonly senders: () => readonly LiveSender[];
  /** Jobs that may call now; none when left out. */
  readonly heartbeats?: () => readonly LiveHeartbeat[];
  /** Something that was posted could not be used. */
  readonly quarantined: () => void;
  readonly limits?: BodyLimits;
  /** Limits of bodies that are read before it is known whose they are. */
  readonly unproven?: { readonly most?: number; readonly withinMs?: number };
  /** Something is posted by a configured sender, or may be. What this answers is called once that was answered, or is gone. */
  readonly arrives?: () => () => void;
  /** How long the store may take, ms. */
  readonly commitMs?: number;
}
