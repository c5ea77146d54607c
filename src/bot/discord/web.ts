import { REST } from "discord.js";
import type { Log } from "../../domain/log.ts";
import type { Lane } from "../../domain/messages/lane.ts";
import type { Troubles } from "../../domain/messages/trouble.ts";
import type { Meter } from "../../domain/meter.ts";
import { callMs, PacedCalls } from "../chat/paced-calls.ts";
import {
  type DiscordFault,
  type DiscordRefusal,
  discordError,
  discordFaultOf,
  discordTroubleOf,
  tokenTrouble,
} from "./faults.ts";
import { discordInChannel, discordOverall } from "./rate-limits.ts";
import { restOptions } from "./rest-options.ts";

export interface DiscordCall<Result> {
  readonly lane: Lane;
  /** Set for a message that is made or edited: the channel has a bucket of its own. */
  readonly channel?: string;
  send(rest: REST): Promise<Result>;
  /** It makes a message under a nonce, so that it may be made again. */
  readonly nonce?: boolean;
  /** Asked when the call may have been carried out and its answer was lost: what it made, or undefined to send it again. */
  found?(): Promise<Result | undefined>;
  /** It answers an interaction, which Discord does not count among a bot's calls; it has no authorization either. */
  readonly interaction?: boolean;
}

/** The one way to Discord's REST API. Its own client honours the headers of each bucket; pacing and trying again are ours. */
export class DiscordWeb {
  readonly rest: REST;
  readonly #interactions: REST;
  readonly #calls: PacedCalls<DiscordRefusal>;
  readonly #token: string;
  readonly #troubles: Troubles;
  readonly #meter: Meter;

  constructor(parts: {
    readonly token: string;
    readonly apiUrl?: string | undefined;
    readonly troubles: Troubles;
    readonly log: Log;
    readonly meter: Meter;
  }) {
    // Its retries come without a pause and leave out connections that broke, so they are ours.
    const options = restOptions({ apiUrl: parts.apiUrl, timeout: callMs, retries: 0 });
    this.#token = parts.token;
    this.rest = new REST(options).setToken(parts.token);
    // "Interaction endpoints are not bound to the bot's global rate limit": their client would count them all the same.
    this.#interactions = new REST({ ...options, globalRequestsPerSecond: 1_000 });
    this.#calls = new PacedCalls(discordFaultOf, parts.log);
    this.#troubles = parts.troubles;
    this.#meter = parts.meter;
  }

  /** The answer, or a rejection with the last `DiscordFaultError`. */
  async call<Result>(call: DiscordCall<Result>): Promise<Result> {
    const { channel, interaction, lane } = call;
    const result = await this.#calls.run<Result>({
      name: channel === undefined ? "a call" : `a call about the channel ${channel}`,
      lane,
      buckets: interaction
        ? undefined
        : { global: discordOverall, ...(channel !== undefined && { [`channel ${channel}`]: discordInChannel }) },
      send: () => call.send(interaction ? this.#interactions : this.rest),
      failed: (fault) => this.#giveUp(fault, channel),
      found: async (fault) => this.#madeAgain(call, fault),
    });
    if (!interaction) this.#troubles.clear(tokenTrouble.id);
    if (channel !== undefined) this.#troubles.clear(`discord/channel/${channel}`);
    return result;
  }

  /** Ends what is being tried again: nobody waits for it any more. */
  close(): void {
    this.#calls.close();
  }

  /** Under its nonce what arrived the first time is answered, not made twice, so nothing has to be looked for. */
  async #madeAgain<Result>(call: DiscordCall<Result>, fault: DiscordFault): Promise<Result | undefined> {
    if (fault.kind === "too-fast" || !(call.nonce || call.found)) return undefined;
    const made = await call.found?.();
    const outcome = made === undefined ? "sent again" : "found";
    this.#meter.count("wardroom_sends_ambiguous_total", { surface: "discord", outcome });
    return made;
  }

  #giveUp(fault: DiscordFault, channel: string | undefined): DiscordFaultError {
    // Its client forgets a token at the first 401, and would say nothing to anybody from then on.
    if (fault.kind === "said-no" && fault.status === 401) this.rest.setToken(this.#token);
    const trouble = discordTroubleOf(fault, channel);
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
    super(discordError(fault, channel).message);
    this.fault = fault;
    this.channel = channel;
  }

  /** Discord's own number of the refusal; 0 for every other fault. */
  get code(): number {
    return this.fault.kind === "said-no" ? this.fault.code : 0;
  }
}
