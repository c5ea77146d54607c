import { App, LogLevel } from "@slack/bolt";
import type { FastifyInstance } from "fastify";
import type { Courier, MessageRemover, RoomKeeper } from "../../domain/messages/message.ts";
import type { Directory } from "../../domain/people/directory.ts";
import { SelfCheck } from "../chat/self-check.ts";
import type { ChatSurface, ChatSurfaceParts } from "../surface.ts";
import { SlackCourier } from "./courier.ts";
import { SlackDirectory } from "./directory.ts";
import { registerSlackEvents } from "./http-events.ts";
import { learnIdentity, type SlackIdentity } from "./identity.ts";
import { listenToSlack } from "./listeners.ts";
import { type Envelope, EnvelopeReceiver } from "./receiver.ts";
import { SlackRooms } from "./rooms.ts";
import { socketLogger } from "./socket-logger.ts";
import { SlackSockets } from "./sockets.ts";
import { SlackWeb } from "./web.ts";

export interface SlackOptions {
  readonly botToken: string;
  /** Set: events come over sockets. */
  readonly appToken?: string | undefined;
  /** Set: events are taken over HTTP too, proven by it. */
  readonly signingSecret?: string | undefined;
  readonly apiUrl?: string | undefined;
  readonly team?: string | undefined;
  /** A channel with a standing message that proves that the bot hears. */
  readonly selfCheck?: string | undefined;
  /** Where the HTTP route is registered; it must not listen yet. */
  readonly app: FastifyInstance;
}

/** How often it is asked whether the token is taken; sooner once it was not, so that what is over is soon known to be. */
const askEveryMs = { taken: 60_000, refused: 5_000 } as const;

/** Slack through its own Bolt: sockets or HTTP on the way in, the Web API on the way out. */
export function createSlackSurface(parts: ChatSurfaceParts, options: SlackOptions): ChatSurface {
  return new SlackSurface(parts, options);
}

class SlackSurface implements ChatSurface {
  readonly courier: Courier;
  readonly #courier: SlackCourier;
  readonly remover: MessageRemover;
  readonly rooms: RoomKeeper;
  readonly directory: Directory;
  readonly #parts: ChatSurfaceParts;
  readonly #options: SlackOptions;
  readonly #web: SlackWeb;
  readonly #receiver: EnvelopeReceiver;
  readonly #sockets: SlackSockets | undefined;
  readonly #selfCheck: SelfCheck | undefined;
  readonly #ending = new AbortController();
  #identity: SlackIdentity | undefined;
  #starting: Promise<void> = Promise.resolve();
  #asking: NodeJS.Timeout | undefined;

  constructor(parts: ChatSurfaceParts, options: SlackOptions) {
    const log = parts.log.child({ surface: "slack" });
    const { apiUrl, appToken, selfCheck, signingSecret } = options;
    this.#parts = parts;
    this.#options = options;
    this.#web = new SlackWeb({ token: options.botToken, apiUrl, troubles: parts.troubles, log, meter: parts.meter });
    const courier = new SlackCourier(this.#web, log);
    this.courier = courier;
    this.#courier = courier;
    this.remover = courier;
    this.rooms = new SlackRooms(this.#web, () => this.#identity?.user, log);
    this.directory = new SlackDirectory({
      web: this.#web,
      team: () => this.#identity?.team,
      groupsNamed: () => parts.groupsNamed("slack"),
      troubles: parts.troubles,
    });
    this.#receiver = new EnvelopeReceiver(log, () => this.#identity !== undefined);
    this.#selfCheck =
      selfCheck === undefined ? undefined : new SelfCheck({ courier, channel: selfCheck, log, meter: parts.meter });
    const take = (envelope: Envelope): void => {
      this.#selfCheck?.heard();
      this.#receiver.take(envelope);
    };
    const { leases, troubles, meter } = parts;
    this.#sockets =
      appToken === undefined ? undefined : new SlackSockets({ appToken, apiUrl, leases, troubles, log, meter, take });
    const app = new App({
      receiver: this.#receiver,
      authorize: () => this.#authorize(),
      logger: socketLogger(log, () => {}),
      logLevel: LogLevel.WARN,
      convoStore: false,
      extendedErrorHandler: true,
      ...(apiUrl !== undefined && { clientOptions: { slackApiUrl: apiUrl } }),
    });
    listenToSlack(app, {
      bot: parts.bot,
      commands: parts.commands(),
      web: this.#web,
      courier,
      log,
      identity: () => this.#identity,
      sawOwnEdit: (ts, told) => this.#selfCheck?.saw(ts, told),
    });
    if (signingSecret !== undefined) registerSlackEvents(options.app, { signingSecret, log, take });
  }

  start(): void {
    this.#starting = this.#start();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    this.#selfCheck?.stop();
    await this.#starting;
    clearTimeout(this.#asking);
    // Another replica hears from here on, while what was taken here is answered.
    await this.#receiver.shut();
    await this.#sockets?.stop();
    await this.#receiver.drain();
    this.#courier.close();
    this.#web.close();
  }

  deaf(): string | undefined {
    // What is said may arrive still, and nobody would get an answer.
    if (this.#web.tokenRefused) return "Slack does not take the bot's token";
    if (!this.#identity) return "Slack has not said yet who the bot is";
    if (this.#sockets?.hasPlace && this.#sockets.open === 0) return "no socket is open";
    if (this.#sockets?.standsBy) return undefined;
    return this.#selfCheck?.deaf({ shared: (this.#sockets?.others ?? 0) > 0 });
  }

  late(): string | undefined {
    if (this.#sockets?.standsBy) return undefined;
    // Over HTTP nobody knows how many others take a part.
    return this.#selfCheck?.late({ shared: this.#sockets === undefined || this.#sockets.others > 0 });
  }

  async #start(): Promise<void> {
    const { troubles, log } = this.#parts;
    const { team } = this.#options;
    const identity = await learnIdentity({ web: this.#web, team, troubles, log, signal: this.#ending.signal });
    if (!identity) return;
    this.#identity = identity;
    log.info("the bot is known in Slack", { team: identity.team });
    this.#sockets?.start();
    this.#selfCheck?.start();
    this.#askSoon();
  }

  /** A token that is revoked would be noticed only when the next one asks something. The call tells what comes of it. */
  async #askWhetherTaken(): Promise<void> {
    const asked = this.#web.call({ method: "auth.test", lane: "notice", send: (client) => client.auth.test() });
    await asked.catch(() => {});
    if (!this.#ending.signal.aborted) this.#askSoon();
  }

  #askSoon(): void {
    const ms = this.#web.tokenRefused ? askEveryMs.refused : askEveryMs.taken;
    this.#asking = setTimeout(() => void this.#askWhetherTaken(), ms).unref();
  }

  async #authorize(): Promise<{ botToken: string; botId: string; botUserId: string }> {
    const identity = this.#identity;
    if (!identity) throw new Error("Slack has not said yet who the bot is");
    return { botToken: this.#options.botToken, botId: identity.botId, botUserId: identity.user };
  }
}
