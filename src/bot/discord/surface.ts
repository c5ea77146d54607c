import { type Client, Routes } from "discord.js";
import { z } from "zod";
import type { Courier, MessageRef, MessageRemover, RoomKeeper, Threads } from "../../domain/messages/message.ts";
import type { Trouble } from "../../domain/messages/trouble.ts";
import type { Directory } from "../../domain/people/directory.ts";
import { drain } from "../chat/drain.ts";
import { SelfCheck, selfCheckTitle } from "../chat/self-check.ts";
import type { ChatSurface, ChatSurfaceParts } from "../surface.ts";
import { DiscordCourier } from "./courier.ts";
import { DiscordDirectory } from "./directory.ts";
import { DiscordGateway } from "./gateway.ts";
import { listenToDiscord } from "./listeners.ts";
import { OpenForms } from "./open-forms.ts";
import { inviteLink } from "./permissions.ts";
import { registerCommands } from "./register.ts";
import { DiscordRooms } from "./rooms.ts";
import { DiscordThreads } from "./threads.ts";
import { DiscordFaultError, DiscordWeb } from "./web.ts";

export interface DiscordOptions {
  readonly token: string;
  readonly guildId: string;
  readonly apiUrl?: string | undefined;
  /** A channel with a standing message that proves that the bot hears. */
  readonly selfCheck?: string | undefined;
  /** Incidents have rooms there. */
  readonly hasRooms?: boolean;
}

/** Commands that could not be registered are tried again so often. */
const registerAgainMs = 60_000;

/** Discord through discord.js: one gateway for all replicas on the way in, REST on the way out. */
export function createDiscordSurface(parts: ChatSurfaceParts, options: DiscordOptions): ChatSurface {
  return new DiscordSurface(parts, options);
}

const Standing = z.array(
  z.object({
    id: z.string(),
    author: z.object({ id: z.string() }),
    embeds: z.array(z.object({ title: z.string().optional() })),
  }),
);

const commandsTrouble: Trouble = {
  id: "discord/commands",
  surface: "discord",
  what: "The slash commands could not be registered on Discord.",
  remedy:
    "Invite the bot again with the scope applications.commands: npx --no wardroom discord register prints the link.",
};

class DiscordSurface implements ChatSurface {
  readonly courier: Courier;
  readonly remover: MessageRemover;
  readonly threads: Threads;
  readonly rooms: RoomKeeper;
  readonly directory: Directory;
  readonly #parts: ChatSurfaceParts;
  readonly #options: DiscordOptions;
  readonly #web: DiscordWeb;
  readonly #gateway: DiscordGateway;
  readonly #selfCheck: SelfCheck | undefined;
  readonly #underWay = new Set<Promise<void>>();
  #application = "";
  #registering: NodeJS.Timeout | undefined;

  constructor(parts: ChatSurfaceParts, options: DiscordOptions) {
    const log = parts.log.child({ surface: "discord" });
    const { token, apiUrl, guildId, selfCheck, hasRooms = false } = options;
    const { leases, troubles, meter } = parts;
    this.#parts = parts;
    this.#options = options;
    this.#web = new DiscordWeb({ token, apiUrl, troubles, log, meter: parts.meter });
    const courier = new DiscordCourier(this.#web, guildId, log);
    this.courier = courier;
    this.remover = courier;
    this.threads = new DiscordThreads(this.#web, courier, log);
    this.rooms = new DiscordRooms(this.#web, guildId, () => this.#application);
    this.directory = new DiscordDirectory(this.#web, guildId);
    this.#selfCheck =
      selfCheck === undefined
        ? undefined
        : new SelfCheck({ courier, channel: selfCheck, log, meter, find: () => this.#standing(selfCheck) });
    const forms = new OpenForms();
    this.#gateway = new DiscordGateway({
      token,
      apiUrl,
      leases,
      troubles,
      log,
      meter,
      hasRooms,
      listen: (client) =>
        listenToDiscord(client, {
          bot: parts.bot,
          commands: parts.commands,
          web: this.#web,
          courier,
          forms,
          log,
          sawOwnEdit: (message, told) => this.#selfCheck?.saw(message, told),
          track: (handling) => this.#track(handling),
        }),
      ready: (client) => this.#ready(client),
      left: () => this.#left(),
    });
  }

  start(): void {
    this.#gateway.start();
  }

  async stop(): Promise<void> {
    // Another replica hears from here on, while what was taken here is answered.
    await this.#gateway.stop();
    await drain(this.#underWay);
    this.#web.close();
  }

  deaf(): string | undefined {
    return this.#gateway.deaf() ?? (this.#gateway.leads ? this.#selfCheck?.deaf() : undefined);
  }

  late(): string | undefined {
    return this.#gateway.leads ? this.#selfCheck?.late() : undefined;
  }

  #ready(client: Client<true>): void {
    this.#application = client.application.id;
    this.#selfCheck?.start();
    void this.#register();
  }

  #left(): void {
    clearTimeout(this.#registering);
    this.#selfCheck?.stop();
  }

  /** False when Discord says that the bot is not in its server. */
  async #isMember(): Promise<boolean> {
    try {
      await this.#web.call({ lane: "notice", send: (rest) => rest.get(Routes.guild(this.#options.guildId)) });
      return true;
    } catch (error) {
      return !(error instanceof DiscordFaultError && error.fault.kind === "said-no");
    }
  }

  #strangerTrouble(): Trouble {
    const { guildId } = this.#options;
    return {
      id: "discord/commands",
      surface: "discord",
      what: `The bot is not in the Discord server ${guildId}.`,
      remedy: `Check DISCORD_GUILD_ID, or invite the bot: ${inviteLink(this.#application)}`,
      silences: true,
      deafens: true,
    };
  }

  async #register(): Promise<void> {
    const { log, troubles } = this.#parts;
    clearTimeout(this.#registering);
    const to = { application: this.#application, guild: this.#options.guildId, commands: this.#parts.commands() };
    try {
      const changed = await this.#web.call({ lane: "notice", send: (rest) => registerCommands(rest, to) });
      log.info("the commands are registered with Discord", { changed });
      troubles.clear("discord/commands");
    } catch (error) {
      log.warn("the commands could not be registered with Discord", { error });
      if (error instanceof DiscordFaultError && error.fault.kind === "said-no")
        troubles.raise((await this.#isMember()) ? commandsTrouble : this.#strangerTrouble());
      if (this.#gateway.leads) this.#registering = setTimeout(() => void this.#register(), registerAgainMs).unref();
    }
  }

  #track(handling: Promise<void>): void {
    const tracked = handling.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
  }

  /** The standing message of a process before this one. */
  async #standing(channel: string): Promise<MessageRef | undefined> {
    const messages = Standing.parse(
      await this.#web.call({ lane: "notice", send: (rest) => rest.get(Routes.channelMessages(channel)) }),
    );
    const found = messages.find(
      (each) => each.author.id === this.#application && each.embeds.some((embed) => embed.title === selfCheckTitle),
    );
    return found && { surface: "discord", channel, id: found.id };
  }
}
