import { setTimeout as sleep } from "node:timers/promises";
import {
  Client,
  DiscordjsError,
  DiscordjsErrorCodes,
  Events,
  GatewayIntentBits,
  Options,
  Partials,
  REST,
  Routes,
  SimpleShardingStrategy,
  type WebSocketOptions,
} from "discord.js";
import { z } from "zod";
import type { Leases } from "../../domain/lease.ts";
import type { Log } from "../../domain/log.ts";
import type { Trouble, Troubles } from "../../domain/messages/trouble.ts";
import type { Meter } from "../../domain/meter.ts";
import { pause } from "../chat/pause.ts";
import { type ConnectionEnd, supervise } from "../chat/supervise.ts";
import { tokenTrouble } from "./faults.ts";
import { roomIntents } from "./intents.ts";
import { restOptions } from "./rest-options.ts";

const Application = z.object({ flags: z.number().default(0) });
const leaseName = "discord-gateway";
/** Another replica takes over this long after the last sign of life, at the latest. */
const leaseMs = 6_000;
const renewEveryMs = 2_000;
const standbyLookMs = 1_000;
const readyWithinMs = 20_000;
/** The client comes back by itself within about four seconds; after this long it is made anew. */
const backWithinMs = 10_000;
/** A client that hangs up in the middle of its login closes the connection, and then never says that it did. */
const hangUpWithinMs = 1_000;
const hopelessEveryMs = 30_000;
/** Close codes after which the same attempt ends the same: developer documentation, Gateway Close Event Codes. */
const closeCodes = { authentication: 4_004, disallowedIntents: 4_014 } as const;

export interface GatewayParts {
  readonly token: string;
  readonly apiUrl?: string | undefined;
  readonly leases: Leases;
  readonly troubles: Troubles;
  readonly log: Log;
  readonly meter: Meter;
  /** Incidents have rooms there: what is said in them is heard as far as the application's switches let it. */
  readonly hasRooms: boolean;
  /** A client that is ready to be listened to; before it hears anything. */
  readonly listen: (client: Client<true>) => void;
  readonly ready: (client: Client<true>) => void;
  /** The gateway is somebody else's from here on, or nobody's. */
  readonly left: () => void;
}

type Role = "starting" | "leading" | "standing by";

/**
 * One gateway for all replicas, under a lease: whoever holds it is connected, the others stand by. It is connected again
 * for ever, because the client gives up a login within milliseconds.
 */
export class DiscordGateway {
  readonly #parts: GatewayParts;
  readonly #ending = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #role: Role = "starting";
  #ready = false;
  #heardUntil: number | undefined;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  start(): void {
    const { leases, log, left } = this.#parts;
    this.#loop = supervise({
      name: "gateway of Discord",
      places: [leaseName],
      leaseMs,
      renewEveryMs,
      lookEveryMs: standbyLookMs,
      leases,
      log,
      signal: this.#ending.signal,
      took: () => {
        this.#role = "leading";
      },
      left: () => {
        this.#role = "starting";
        left();
      },
      lacks: (why) => this.#lacks(why),
      connectOnce: (signal) => this.#connectOnce(signal),
    });
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#loop;
  }

  /** Whether this process is the one that hears for all of them. */
  get leads(): boolean {
    return this.#role === "leading";
  }

  /** A process that stands by is not deaf: another one hears. */
  deaf(): string | undefined {
    if (this.#role === "standing by") return undefined;
    return this.#ready ? undefined : "the gateway is not connected";
  }

  #lacks(why: "taken" | "unknown"): void {
    this.#role = why === "taken" ? "standing by" : "starting";
    // Whoever holds it may be gone since it last renewed it: what it may have missed is counted, rather than left out.
    if (why === "taken") this.#heardUntil = performance.now() - leaseMs;
  }

  /** One client from its login to its end. Never rejects. */
  async #connectOnce(signal: AbortSignal): Promise<ConnectionEnd> {
    const { log, troubles } = this.#parts;
    const ended = Promise.withResolvers<"lost" | "told to" | Trouble>();
    const over = new AbortController();
    const client = this.#client(ended.resolve, { over: over.signal, heard: await this.#roomIntents() });
    const onAbort = (): void => ended.resolve("told to");
    signal.addEventListener("abort", onAbort);
    let wasReady = false;
    try {
      const first = await Promise.race([this.#login(client), ended.promise, pause(readyWithinMs, signal)]);
      if (typeof first === "object" && "what" in first) return this.#hopeless(first);
      if (!client.isReady()) return { wasOpen: false };
      wasReady = true;
      this.#becomeReady(client);
      troubles.clear("discord/token");
      troubles.clear("discord/intents");
      const how = await ended.promise;
      if (typeof how === "object") return this.#hopeless(how);
      if (how === "lost") log.warn("the gateway of Discord was lost and is connected anew");
      return { wasOpen: true };
    } catch (error) {
      const trouble = loginTroubleOf(error);
      if (trouble) return this.#hopeless(trouble);
      log.warn("Discord's gateway could not be connected", { error });
      return { wasOpen: wasReady };
    } finally {
      this.#lose();
      signal.removeEventListener("abort", onAbort);
      over.abort();
      await Promise.race([client.destroy().catch(() => {}), sleep(hangUpWithinMs)]);
    }
  }

  async #login(client: Client): Promise<void> {
    const ready = new Promise<void>((resolve) => client.once(Events.ClientReady, () => resolve()));
    await client.login(this.#parts.token);
    await ready;
  }

  #becomeReady(client: Client<true>): void {
    const { log, meter } = this.#parts;
    if (this.#heardUntil !== undefined) {
      const gapSeconds = (performance.now() - this.#heardUntil) / 1_000;
      meter.count("wardroom_discord_gap_seconds_total", {}, gapSeconds);
      log.warn("what was said on Discord meanwhile was not heard", { gapSeconds });
    }
    this.#ready = true;
    this.#heardUntil = undefined;
    log.info("the gateway of Discord is connected", { application: client.application.id });
    this.#parts.ready(client);
  }

  #hopeless(trouble: Trouble): ConnectionEnd {
    this.#parts.troubles.raise(trouble);
    return { wasOpen: false, againAfterMs: hopelessEveryMs };
  }

  #lose(): void {
    if (this.#ready) this.#heardUntil = performance.now();
    this.#ready = false;
  }

  /**
   * Privileged intents of use in rooms, those that are switched on: one that is not would keep the bot from connecting at all,
   * and it goes without what that would tell.
   */
  async #roomIntents(): Promise<readonly GatewayIntentBits[]> {
    const { hasRooms, token, apiUrl, log } = this.#parts;
    if (!hasRooms) return [];
    try {
      const rest = new REST(restOptions({ apiUrl, timeout: 8_000, retries: 0 })).setToken(token);
      const { flags } = Application.parse(await rest.get(Routes.currentApplication()));
      return roomIntents.filter(({ switches }) => (flags & switches) !== 0).map(({ intent }) => intent);
    } catch (error) {
      log.warn("it could not be seen which intents are switched on", { error });
      return [];
    }
  }

  #client(
    end: (how: "lost" | "told to" | Trouble) => void,
    { over, heard }: { readonly over: AbortSignal; readonly heard: readonly GatewayIntentBits[] },
  ): Client {
    const { apiUrl, log, listen } = this.#parts;
    const client = new Client({
      intents: [
        GatewayIntentBits.Guilds,
        GatewayIntentBits.GuildMessages,
        GatewayIntentBits.GuildMessageReactions,
        GatewayIntentBits.DirectMessages,
        ...heard,
      ],
      partials: [Partials.Channel],
      allowedMentions: { parse: [] },
      // Messages are never looked up again, and members are asked for when they decide.
      makeCache: Options.cacheWithLimits({
        ...Options.DefaultMakeCacheSettings,
        MessageManager: 0,
        ReactionManager: 0,
        PresenceManager: 0,
        GuildMemberManager: { maxSize: 200, keepOverLimit: (member) => member.id === member.client.user.id },
        UserManager: { maxSize: 200, keepOverLimit: (user) => user.id === user.client.user.id },
      }),
      rest: restOptions({ apiUrl, timeout: 8_000, retries: 0 }),
      ws: { buildStrategy: (manager) => shardsUntil(over, manager) },
    });
    let missing: NodeJS.Timeout | undefined;
    const away = (): void => {
      this.#lose();
      missing ??= setTimeout(() => end("lost"), backWithinMs).unref();
    };
    const back = (): void => {
      clearTimeout(missing);
      missing = undefined;
      if (client.isReady()) this.#returned();
    };
    client.on(Events.ShardReconnecting, away);
    client.on(Events.ShardResume, back);
    client.on(Events.ShardReady, back);
    client.on(Events.ShardDisconnect, ({ code }) => end(closedFor(code) ?? "lost"));
    client.on(Events.Error, (error) => log.warn("Discord's client reported an error", { error }));
    client.once(Events.ClientReady, listen);
    return client;
  }

  /** The client came back by itself. */
  #returned(): void {
    if (this.#heardUntil === undefined) return;
    const gapSeconds = (performance.now() - this.#heardUntil) / 1_000;
    this.#parts.meter.count("wardroom_discord_gap_seconds_total", {}, gapSeconds);
    this.#parts.log.info("the gateway of Discord is back", { gapSeconds });
    this.#heardUntil = undefined;
    this.#ready = true;
  }
}

const intentsTrouble: Trouble = {
  id: "discord/intents",
  surface: "discord",
  what: "Discord refuses the bot's intents.",
  remedy:
    "Look at Privileged Gateway Intents on the Bot page of the application; Wardroom needs none of them on, and asks only for those that are.",
  deafens: true,
};

type ShardManager = Parameters<NonNullable<WebSocketOptions["buildStrategy"]>>[0];

/**
 * The client's own way with its one shard, held back once it is over: a client that is destroyed in the middle of a login
 * connects again half a second later, when the gateway may be another replica's. It asks for its session before it does.
 */
function shardsUntil(over: AbortSignal, manager: ShardManager): SimpleShardingStrategy {
  const { options } = manager;
  const retrieve = options.retrieveSessionInfo.bind(options);
  options.retrieveSessionInfo = (shard) => (over.aborted ? new Promise(() => {}) : retrieve(shard));
  return new SimpleShardingStrategy(manager);
}

function closedFor(code: number): Trouble | undefined {
  if (code === closeCodes.authentication) return tokenTrouble;
  return code === closeCodes.disallowedIntents ? intentsTrouble : undefined;
}

function loginTroubleOf(error: unknown): Trouble | undefined {
  if (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid) return tokenTrouble;
  if (error instanceof Error && "status" in error && error.status === 401) return tokenTrouble;
  return undefined;
}
