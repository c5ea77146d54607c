import { WebClient } from "@slack/web-api";
import type { Log } from "../../domain/log.ts";
import type { Lane } from "../../domain/messages/lane.ts";
import type { Troubles } from "../../domain/messages/trouble.ts";
import type { Meter } from "../../domain/meter.ts";
import { callMs, PacedCalls } from "../chat/paced-calls.ts";
import type { Pace } from "../chat/pacing.ts";
import {
  channelTroubleId,
  channelTroubleOf,
  type SlackFault,
  type SlackRefusal,
  slackError,
  slackFaultOf,
  slackTroubleOf,
  tokenTroubleId,
} from "./faults.ts";
import { slackInChannel, slackPace } from "./rate-limits.ts";
import { socketLogger } from "./socket-logger.ts";

export interface SlackCall<Result> {
  /** Slack's own name of the method; each has a bucket of its own. */
  readonly method: string;
  /** Set: the channel has a bucket of its own besides. */
  readonly channel?: string;
  readonly lane: Lane;
  send(client: WebClient): Promise<Result>;
  /**
   * Asked when the call may have been carried out and its answer was lost: what it made, or undefined to send it again.
   * Left out for a call that can be made twice.
   */
  found?(client: WebClient): Promise<Result | undefined>;
}

/** The one way to Slack's Web API: paced, tried again by our rules, its refusals told to the operator once. */
export class SlackWeb {
  readonly client: WebClient;
  readonly #calls: PacedCalls<SlackRefusal>;
  /** Methods that a scope is missing for, each with its trouble. */
  readonly #lacking = new Map<string, string>();
  #tokenRefused = false;
  readonly #troubles: Troubles;
  readonly #log: Log;
  readonly #meter: Meter;

  constructor(parts: {
    readonly token: string;
    readonly apiUrl?: string | undefined;
    readonly troubles: Troubles;
    readonly log: Log;
    readonly meter: Meter;
  }) {
    // Its own retries hold up its whole queue and repeat what may have arrived: they are ours.
    this.client = new WebClient(parts.token, {
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: callMs,
      logger: socketLogger(parts.log, () => {}),
      ...(parts.apiUrl !== undefined && { slackApiUrl: parts.apiUrl }),
    });
    this.#calls = new PacedCalls(slackFaultOf, parts.log);
    this.#troubles = parts.troubles;
    this.#log = parts.log;
    this.#meter = parts.meter;
  }

  /** The answer, or a rejection with the last `SlackFaultError`. */
  async call<Result>(call: SlackCall<Result>): Promise<Result> {
    const result = await this.#calls.run<Result>({
      name: call.method,
      lane: call.lane,
      buckets: bucketsOf(call),
      send: () => call.send(this.client),
      failed: (fault) => this.#giveUp(fault, call),
      found: async (fault) => (mayHaveArrived(fault) ? this.#found(call) : undefined),
    });
    this.#over(call);
    return result;
  }

  async #found<Result>(call: SlackCall<Result>): Promise<Result | undefined> {
    if (!call.found) return undefined;
    const count = (outcome: string): void =>
      this.#meter.count("wardroom_sends_ambiguous_total", { surface: "slack", outcome });
    try {
      const found = await call.found(this.client);
      count(found === undefined ? "sent again" : "found");
      return found;
    } catch (error) {
      count("sent blindly");
      // Not being able to look is not having found nothing; but a message sent twice is better than one that is lost.
      this.#log.warn("it could not be seen whether a lost message arrived", { method: call.method, error });
      return undefined;
    }
  }

  /** What a call that worked shows to be mended. */
  #over({ method, channel }: Pick<SlackCall<unknown>, "method" | "channel">): void {
    this.#tokenRefused = false;
    this.#troubles.clear(tokenTroubleId);
    if (channel !== undefined && method === "chat.postMessage") this.#troubles.clear(channelTroubleId(channel));
    const scope = this.#lacking.get(method);
    if (scope === undefined) return;
    this.#lacking.delete(method);
    if (![...this.#lacking.values()].includes(scope)) this.#troubles.clear(scope);
  }

  /** Slack no longer takes the bot's token, as far as the last call says. */
  get tokenRefused(): boolean {
    return this.#tokenRefused;
  }

  /** The bot can say nothing in the channel, and cannot mend that itself. */
  shutOut(channel: string, { fault }: SlackFaultError): void {
    const trouble = channelTroubleOf(fault, channel);
    if (trouble) this.#troubles.raise(trouble);
  }

  /** Ends what is being tried again or waits for its turn: nobody waits for it any more. */
  close(): void {
    this.#calls.close();
  }

  #giveUp(fault: SlackFault, { method }: Pick<SlackCall<unknown>, "method">): SlackFaultError {
    const trouble = slackTroubleOf(fault);
    if (trouble) this.#troubles.raise(trouble);
    if (trouble?.id === tokenTroubleId) this.#tokenRefused = true;
    if (fault.kind === "said-no" && fault.code === "missing_scope" && trouble) this.#lacking.set(method, trouble.id);
    return new SlackFaultError(fault, method);
  }
}

/** Slack may have done it all the same: a server that fails says nothing of when it failed. */
function mayHaveArrived(fault: SlackFault): boolean {
  return fault.kind === "unwell" || (fault.kind === "cut-off" && fault.sent);
}

/** A call to Slack that failed for good. */
export class SlackFaultError extends Error {
  override readonly name = "SlackFaultError";
  readonly fault: SlackFault;
  readonly method: string;
  constructor(fault: SlackFault, method: string) {
    super(slackError(fault, method).message);
    this.fault = fault;
    this.method = method;
  }

  /** Slack's own word for the refusal; empty for every other fault. */
  get code(): string {
    return this.fault.kind === "said-no" ? this.fault.code : "";
  }
}

function bucketsOf({ method, channel }: Pick<SlackCall<unknown>, "method" | "channel">): Record<string, Pace> {
  const own = slackPace(method);
  const posts = method === "chat.postMessage" && channel !== undefined;
  return { [method]: own, ...(posts && { [`${method} ${channel}`]: slackInChannel }) };
}
