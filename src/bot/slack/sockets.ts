import { SocketModeClient } from "@slack/socket-mode";
import { z } from "zod";
import type { Leases } from "../../domain/lease.ts";
import type { Log } from "../../domain/log.ts";
import type { Trouble, Troubles } from "../../domain/messages/trouble.ts";
import type { Meter } from "../../domain/meter.ts";
import { pause } from "../chat/pause.ts";
import { type ConnectionEnd, supervise } from "../chat/supervise.ts";
import { type SlackFault, slackFaultOf } from "./faults.ts";
import type { Envelope } from "./receiver.ts";
import { type SocketLoss, socketLogger } from "./socket-logger.ts";

/** Slack takes ten sockets an app; two are left for whoever tries something out with the same app. */
const places = Array.from({ length: 8 }, (_, index) => `slack-socket/${index + 1}`);
const socketsHere = 2;
const leaseMs = 15_000;
const renewEveryMs = 5_000;
const connectWithinMs = 10_000;
/** How long a socket may not answer a ping. */
const pongWithinMs = 1_000;
/** What will not get better by itself is tried this often. */
const hopelessEveryMs = 30_000;

/** A socket that was lost may be counted for so long still; after that, what is too many is somebody else's. */
const confirmMs = 60_000;
/** And one that was closed for the count is out of it after so much of that. */
const settledAfter = 0.05;

const Hello = z.object({ type: z.literal("hello"), num_connections: z.number() });
const Delivered = z.object({
  ack: z.custom<(payload?: Readonly<Record<string, unknown>>) => Promise<void>>((value) => typeof value === "function"),
  type: z.string(),
  // Looked into by what reads it: what is a whole message is not copied here.
  body: z.custom<Record<string, unknown>>((value) => typeof value === "object" && value !== null),
  retry_num: z.number().optional(),
  retry_reason: z.string().optional(),
});

export interface SocketParts {
  readonly appToken: string;
  readonly apiUrl?: string | undefined;
  readonly leases: Leases;
  readonly troubles: Troubles;
  readonly log: Log;
  readonly meter: Meter;
  take(envelope: Envelope): void;
  /** How long until sockets that are too many are counted once more, ms. A minute when left out. */
  readonly confirmMs?: number;
}

/**
 * Two sockets, each under a lease, each connected again as soon as it is lost: while one is away the other hears. Slack's
 * own client would wait five seconds, so its reconnecting is off.
 */
export class SlackSockets {
  readonly #parts: SocketParts;
  readonly #ending = new AbortController();
  readonly #connected = new Set<number>();
  readonly #leased = new Set<number>();
  #loops: Promise<void>[] = [];
  /** How many sockets the app has in all, as Slack last said. */
  #all = 0;
  /** Opens a slot's socket anew: only then does Slack say how many there are. */
  readonly #renew = new Map<number, () => void>();
  #counting: NodeJS.Timeout | undefined;
  /** How many places all replicas have: Slack's number is as old as the newest socket here, which can be hours. */
  #held = 0;
  #looking: NodeJS.Timeout | undefined;
  /** Every place was somebody's when one was last asked for. */
  #full = false;
  /** Since when there have been more than are leased. */
  #tooManySince: number | undefined;

  constructor(parts: SocketParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#looking = setInterval(() => void this.#look(), renewEveryMs).unref();
    this.#loops = Array.from({ length: socketsHere }, (_, slot) => this.#keep(slot));
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    clearTimeout(this.#counting);
    clearInterval(this.#looking);
    await Promise.all(this.#loops);
  }

  get open(): number {
    return this.#connected.size;
  }

  /** Others hear too: sockets of other replicas, as far as Slack and the leases say. */
  get others(): number {
    return Math.max(0, this.#all - this.#connected.size, this.#held - this.#leased.size);
  }

  /** All places are taken by others, which hear: so this process need not. */
  get standsBy(): boolean {
    return this.#full && this.#leased.size === 0;
  }

  /** Has a place of its own, so that it would have to hear. Without one, eight others do. */
  get hasPlace(): boolean {
    return this.#leased.size > 0;
  }

  #keep(slot: number): Promise<void> {
    const { leases, log } = this.#parts;
    return supervise({
      name: `socket ${slot + 1} to Slack`,
      places,
      leaseMs,
      renewEveryMs,
      lookEveryMs: renewEveryMs,
      leases,
      log,
      signal: this.#ending.signal,
      took: () => {
        this.#full = false;
        this.#leased.add(slot);
      },
      left: () => void this.#leased.delete(slot),
      lacks: (why) => {
        this.#full = why === "taken";
      },
      connectOnce: (signal) => this.#connectOnce(slot, signal),
    });
  }

  async #look(): Promise<void> {
    this.#held = await this.#parts.leases.held(places).catch(() => this.#held);
  }

  /** One connection from its opening to its end. Never rejects. */
  async #connectOnce(slot: number, signal: AbortSignal): Promise<ConnectionEnd> {
    const { log, meter, troubles } = this.#parts;
    const lost = Promise.withResolvers<SocketLoss>();
    const client = this.#client(lost.resolve);
    const onAbort = (): void => lost.resolve("told to");
    signal.addEventListener("abort", onAbort);
    client.on("disconnected", () => lost.resolve("closed"));
    try {
      await Promise.race([client.start(), lost.promise.then(() => Promise.reject(new Error("ended"))), late(signal)]);
    } catch (error) {
      signal.removeEventListener("abort", onAbort);
      hangUp(client);
      const fault = slackFaultOf(error);
      log.warn("a socket to Slack could not be opened", { slot, fault: fault.kind });
      this.#tellTrouble(fault);
      return { wasOpen: false, ...againAfter(fault) };
    }
    this.#connected.add(slot);
    this.#renew.set(slot, () => lost.resolve("for the count"));
    troubles.clear("slack/app-token");
    log.info("a socket to Slack is open", { slot });
    const how = await lost.promise;
    this.#connected.delete(slot);
    this.#renew.delete(slot);
    signal.removeEventListener("abort", onAbort);
    hangUp(client);
    if (how === "told to") return { wasOpen: true };
    if (how === "for the count")
      return { wasOpen: true, againAfterMs: (this.#parts.confirmMs ?? confirmMs) * settledAfter };
    meter.count("wardroom_slack_sockets_lost_total", { how });
    if (how === "silent") {
      log.error(
        "a socket to Slack was half-open: part of what came meanwhile went into it and is lost or comes again",
        { slot },
      );
    } else log.warn("a socket to Slack was lost and is opened again", { slot, how });
    return { wasOpen: true };
  }

  #client(onLoss: (loss: SocketLoss) => void): SocketModeClient {
    const { appToken, apiUrl, log } = this.#parts;
    const client = new SocketModeClient({
      appToken,
      autoReconnectEnabled: false,
      clientPingTimeout: pongWithinMs,
      logger: socketLogger(log, onLoss),
      clientOptions: {
        retryConfig: { retries: 0 },
        timeout: connectWithinMs,
        ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
      },
    });
    client.on("ws_message", (data: unknown) => this.#readHello(data));
    client.on("slack_event", (delivered: unknown) => this.#take(delivered));
    return client;
  }

  #take(delivered: unknown): void {
    const read = Delivered.safeParse(delivered);
    if (!read.success) return this.#parts.log.warn("Slack delivered something that could not be read");
    const { ack, body, retry_num: retryNum, retry_reason: retryReason } = read.data;
    this.#parts.take({
      body,
      acknowledge: (payload) => ack(payload),
      ...(retryNum !== undefined && { retryNum }),
      ...(retryReason !== undefined && { retryReason }),
    });
  }

  #readHello(data: unknown): void {
    if (typeof data !== "string" || !data.startsWith('{"type":"hello"')) return;
    const hello = Hello.safeParse(JSON.parse(data));
    if (!hello.success) return;
    this.#all = hello.data.num_connections;
    void this.#judgeCount(this.#all);
  }

  /** More sockets than there are leases are somebody else's, who takes a share of what is said. */
  async #judgeCount(all: number): Promise<void> {
    const leased = await this.#parts.leases.held(places).catch(() => places.length);
    clearTimeout(this.#counting);
    if (all <= leased) {
      this.#tooManySince = undefined;
      return this.#parts.troubles.clear("slack/sockets");
    }
    const afterMs = this.#parts.confirmMs ?? confirmMs;
    this.#tooManySince ??= performance.now();
    // All may have been lost together, and each that is back hears of them: more than that, or what lasts, is another's.
    const certain = all > 2 * leased || performance.now() - this.#tooManySince >= afterMs;
    if (certain) this.#parts.troubles.raise(tooManySockets);
    this.#parts.log.debug("the app has more sockets than are leased", { all, leased });
    this.#counting = setTimeout(() => this.#countAgain(), afterMs).unref();
  }

  /** Opens one socket anew, while another hears. */
  #countAgain(): void {
    if (this.#connected.size < 2) return;
    const [renew] = this.#renew.values();
    renew?.();
  }

  #tellTrouble(fault: SlackFault): void {
    if (fault.kind !== "said-no") return;
    const remedy =
      fault.code === "link_disabled"
        ? "Turn Socket Mode on in the app's settings."
        : "Make an app-level token with connections:write, set SLACK_APP_TOKEN to it, and restart.";
    this.#parts.troubles.raise({
      id: "slack/app-token",
      surface: "slack",
      what: `Slack opens no socket for SLACK_APP_TOKEN (${fault.code}).`,
      remedy,
      deafens: true,
    });
  }
}

/** When to try again, where the fault tells. */
function againAfter(fault: SlackFault): Pick<ConnectionEnd, "againAfterMs"> {
  if (fault.kind === "said-no") return { againAfterMs: hopelessEveryMs };
  return fault.kind === "too-fast" ? { againAfterMs: fault.retryAfterMs } : {};
}

const tooManySockets: Trouble = {
  id: "slack/sockets",
  surface: "slack",
  what: "The Slack app has more sockets than Wardroom opens, so something else takes a share of what is said.",
  remedy: "Stop whatever else uses SLACK_APP_TOKEN, or make a new app-level token and revoke the old one.",
};

async function late(signal: AbortSignal): Promise<never> {
  await pause(connectWithinMs, signal);
  throw new Error("no hello came");
}

/** A half-open socket would wait half a minute for a farewell that cannot come, so nobody waits for it. */
function hangUp(client: SocketModeClient): void {
  client.removeAllListeners("slack_event");
  client.disconnect().catch(() => {});
}
