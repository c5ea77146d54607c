import { inspect } from "node:util";
import { onTestFinished, vi } from "vitest";
import { z } from "zod";
import { createDiscordSurface } from "../../../src/bot/discord/surface.ts";
import type { Form } from "../../../src/bot/language/form.ts";
import type { Choice } from "../../../src/bot/language/suggest.ts";
import type { Bot, ChatSurface, ChoiceQuery, Delivery } from "../../../src/bot/surface.ts";
import { type Command, defineCommand } from "../../../src/domain/commands/command.ts";
import type { Log } from "../../../src/domain/log.ts";
import type { Outgoing } from "../../../src/domain/messages/message.ts";
import type { Trouble } from "../../../src/domain/messages/trouble.ts";
import { createMeasurements } from "../../../src/ops/metrics.ts";
import { type FakeDiscord, startFakeDiscord } from "../../fakes/discord/discord.ts";
import type { FakeMessage } from "../../fakes/discord/world.ts";
import { SharedLeases } from "../../fakes/leases.ts";

export const patience = { timeout: 60_000, interval: 10 };

type Script = (delivery: Delivery, accepted: () => void) => Promise<void>;

/** Stands in for the pipeline: it remembers what was asked, and does what the test says. */
export class ScriptedBot implements Bot {
  readonly heard: Delivery[] = [];
  reply: Script = async (delivery, accepted) => {
    accepted();
    await delivery.respond(says("Done"));
  };
  readonly #next: Script[] = [];
  offer: (query: ChoiceQuery) => Promise<readonly Choice[]> = async () => [];

  async handle(delivery: Delivery, accepted: () => void = () => {}): Promise<void> {
    this.heard.push(delivery);
    await (this.#next.shift() ?? this.reply)(delivery, accepted);
  }

  /** What is done with the next askings, one after the other; the rest is answered as ever. */
  replies(...next: readonly Script[]): void {
    this.#next.push(...next);
  }

  async complete(): Promise<readonly []> {
    return [];
  }

  choices(query: ChoiceQuery): Promise<readonly Choice[]> {
    return this.offer(query);
  }

  async isInRoom(): Promise<boolean> {
    return false;
  }

  async keep(): Promise<void> {}

  async joined(): Promise<void> {}
}

export interface Connected {
  readonly discord: FakeDiscord;
  readonly bot: ScriptedBot;
  readonly surface: ChatSurface;
  readonly leases: SharedLeases;
  /** Troubles that last. */
  readonly troubles: Map<string, Trouble>;
  /** How often each was raised anew. */
  readonly raised: string[];
  /** Everything that was logged, as text. */
  readonly logged: string[];
  /** The bot's metrics page. */
  readonly measured: () => Promise<string>;
}

export interface ConnectOptions {
  readonly discord?: FakeDiscord;
  readonly leases?: SharedLeases;
  readonly before?: (discord: FakeDiscord) => void;
  readonly selfCheck?: string;
  /** Do not wait until it hears. */
  readonly deaf?: boolean;
}

/** Discord's surface alone, through the real client, on a fake Discord. */
export async function connect(options: ConnectOptions = {}): Promise<Connected> {
  const discord = options.discord ?? (await startFakeDiscord());
  options.before?.(discord);
  const bot = new ScriptedBot();
  const leases = options.leases ?? new SharedLeases();
  const troubles = new Map<string, Trouble>();
  const raised: string[] = [];
  const logged: string[] = [];
  const metrics = createMeasurements();
  const surface = createDiscordSurface(
    {
      bot,
      commands: () => commands,
      groupsNamed: async () => [],
      leases,
      troubles: {
        raise(trouble) {
          if (!troubles.has(trouble.id)) raised.push(trouble.id);
          troubles.set(trouble.id, trouble);
        },
        clear: (id) => void troubles.delete(id),
      },
      log: logTo(logged),
      meter: metrics.meter,
    },
    { token: discord.token, guildId: discord.world.guild, apiUrl: discord.apiUrl, selfCheck: options.selfCheck },
  );
  surface.start();
  onTestFinished(async () => {
    await surface.stop();
    if (!options.discord) await discord.stop();
  });
  if (!options.deaf) await vi.waitFor(() => expectRegistered(discord, surface), patience);
  return { discord, bot, surface, leases, troubles, raised, logged, measured: () => metrics.text() };
}

function expectRegistered(discord: FakeDiscord, surface: ChatSurface): void {
  const why = surface.deaf();
  if (why !== undefined || discord.world.commands.length === 0) throw new Error(why ?? "no commands are registered");
}

/** A person and a channel to ask in. */
export function asker({ world }: FakeDiscord): { readonly user: string; readonly channel: string } {
  return { user: world.addUser({ name: "ana" }), channel: world.addChannel({ name: "ops" }) };
}

export function says(title: string, rest: Partial<Outgoing> = {}): Outgoing {
  return { card: { tone: "neutral", title, blocks: [] }, files: [], nonce: title, lane: "reply", ...rest };
}

function titleOf(message: FakeMessage | undefined): string | undefined {
  const read = z.object({ embeds: z.array(z.object({ title: z.string() })) }).safeParse(message);
  return read.data?.embeds[0]?.title;
}

export function titles(messages: readonly FakeMessage[]): (string | undefined)[] {
  return messages.map(titleOf);
}

/** A form that asks for the reason; what is known already may be more than it shows. */
export function reasonForm(values: Form["values"], errors: Form["errors"] = {}): Form {
  return {
    command: "flatten",
    title: "Flatten",
    submit: "Ask",
    danger: true,
    fields: [
      { name: "system", label: "System", help: "", kind: "text", required: true },
      { name: "reason", label: "Why", help: "", kind: "text", required: true },
    ],
    values,
    carried: [],
    about: [],
    errors,
    usage: "flatten <system>",
  };
}

const commands: readonly Command[] = [
  defineCommand({
    name: "status",
    summary: "Show how a system is",
    input: z.object({
      system: z.string().optional().meta({ label: "System", suggest: "systems" }),
      maxAge: z.int().optional().meta({ label: "Age" }),
    }),
    permission: "read",
    examples: ["status"],
    run: async () => ({ card: says("Status").card }),
  }),
  defineCommand({
    name: "flatten",
    summary: "Close every position",
    input: z.object({
      system: z.string().meta({ label: "System" }),
      reason: z.string().meta({ label: "Why", multiline: true }),
    }),
    permission: "ask",
    shortcut: { title: "Show the plan", field: "system", of: "request" },
    examples: ["flatten alphapulse"],
    run: async () => ({ card: says("Flatten").card }),
  }),
];

function logTo(logged: string[]): Log {
  const write = (message: string, data?: object): void => {
    const error = data && "error" in data ? data.error : undefined;
    logged.push(`${message} ${JSON.stringify(data)} ${inspect(error, { depth: 5 })}`);
  };
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };
  return log;
}
