import { setTimeout as sleep } from "node:timers/promises";
import { REST } from "discord.js";
import type { Log } from "../../domain/log.ts";
import type { Lane } from "../../domain/messages/lane.ts";
import type { Troubles } from "../../domain/messages/trouble.ts";
import type { Meter } from "../../domain/meter.ts";
import { NotBegunError, type Pace, Pacer } from "../chat/pacing.ts";
import { backendError, type DiscordFault, faultOf, tokenTrouble, troubleOf } from "./faults.ts";

export interface DiscordCall<Result> {
  readonly lane: Lane;
  /** Set for a message that is made or edited: the channel has a bucket of its own. */
  readonly channel?: string;
  send(rest: REST): Promise<Result>;
  /** It makes a message under a nonce, so that it may be made again. */
  readonly nonce?: boolean;
  /** It answers an interaction, which Discord does not count among a bot's calls; it has no authorization either. */
  readonly interaction?: boolean;
}

/** How long a call may be tried, in ms: a reply is waited for, a notice has a worker that comes back. */
const budgetMs = { urgent: 10_000, reply: 10_000, notice: 25_000, quiet: 25_000 } as const;
const longestBackoffMs = 5_000;
const callMs = 8_000;

/** Discord allows a bot 50 calls a second in all and 5 messages in 5 s to a channel; its headers say what holds now. */
const global: Pace = { perSecond: 40, burst: 40 };
const inChannel: Pace = { perSecond: 1, burst: 5 };

/** The one way to Discord's REST API. Its own client honours the headers of each bucket; pacing and trying again are ours. */
export class DiscordWeb {
  readonly rest: REST;
  readonly #interactions: REST;
  readonly #pacer = new Pacer();
  readonly #ending = new AbortController();
  readonly #token: string;
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
    // Its retries come without a pause and leave out connections that broke, so they are ours.
    const options = {
      version: "10",
      retries: 0,
      timeout: callMs,
      ...(parts.apiUrl !== undefined && { api: parts.apiUrl }),
    };
    this.#token = parts.token;
    this.rest = new REST(options).setToken(parts.token);
    // "Interaction endpoints are not bound to the bot's global rate limit": their client would count them all the same.
    this.#interactions = new REST({ ...options, globalRequestsPerSecond: 1_000 });
    this.#troubles = parts.troubles;
    this.#log = parts.log;
    this.#meter = parts.meter;
  }

  /** The answer, or a rejection with the last `DiscordFaultError`. */
  async call<Result>(call: DiscordCall<Result>): Promise<Result> {
    const until = performance.now() + budgetMs[call.lane];
    const buckets = { global, ...(call.channel !== undefined && { [`channel ${call.channel}`]: inChannel }) };
    for (let attempt = 0; ; attempt += 1) {
      try {
        const result = call.interaction
          ? await call.send(this.#interactions)
          : await this.#pacer.run({
              lane: call.lane,
              buckets,
              withinMs: until - performance.now(),
              work: () => call.send(this.rest),
            });
        if (!call.interaction) this.#troubles.clear(tokenTrouble.id);
        if (call.channel !== undefined) this.#troubles.clear(`discord/channel/${call.channel}`);
        return result;
      } catch (error) {
        const fault = error instanceof NotBegunError ? error.fault : faultOf(error);
        const waitMs = waitOf(fault, attempt);
        // Its client forgets a token at the first 401, and would say nothing to anybody from then on.
        if (fault.kind === "said-no" && fault.status === 401) this.rest.setToken(this.#token);
        if (waitMs === undefined || performance.now() + waitMs > until) throw this.#giveUp(fault, call.channel);
        // Under its nonce: what arrived the first time is answered, not made twice.
        if (call.nonce && fault.kind !== "too-fast")
          this.#meter.count("wardroom_sends_ambiguous_total", { surface: "discord", outcome: "sent again" });
        this.#log.debug("a call to Discord is tried again", { fault: fault.kind, waitMs });
        if (!(await this.#pause(waitMs))) throw this.#giveUp(fault, call.channel);
      }
    }
  }

  /** Ends what is being tried again: nobody waits for it any more. */
  close(): void {
    this.#ending.abort();
    this.#pacer.close();
  }

  /** False when it was ended meanwhile. */
  async #pause(ms: number): Promise<boolean> {
    await sleep(ms, undefined, { signal: this.#ending.signal }).catch(() => {});
    return !this.#ending.signal.aborted;
  }

  #giveUp(fault: DiscordFault, channel: string | undefined): DiscordFaultError {
    const trouble = troubleOf(fault, channel);
    if (trouble) this.#troubles.raise(trouble);
    return new DiscordFaultError(fault, channel);
  }
}

/** A call to Discord that failed for good. */
export class DiscordFaultError extends Error {
  override readonly name = "DiscordFaultError";
  readonly fault: DiscordFault;
  readonly channel: string | undefined;
  constructor(fault: DiscordFault, channel: string | undefined) {
    super(backendError(fault, channel).message);
    this.fault = fault;
    this.channel = channel;
  }

  /** Discord's own number of the refusal; 0 for every other fault. */
  get code(): number {
    return this.fault.kind === "said-no" ? this.fault.code : 0;
  }
}

/** How long to wait before the next attempt; undefined when another would end the same. */
function waitOf(fault: DiscordFault, attempt: number): number | undefined {
  switch (fault.kind) {
    case "said-no":
      return undefined;
    case "too-fast":
      return fault.retryAfterMs;
    case "unwell":
    case "cut-off":
      // Full jitter, so that many who were cut off together do not come back together.
      return Math.random() * Math.min(longestBackoffMs, 200 * 2 ** attempt);
  }
}
