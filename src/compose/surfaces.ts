import type { FastifyInstance } from "fastify";
import { storedLeases } from "../acts/hold-lease.ts";
import type { ChatSurface, ChatSurfaceParts } from "../bot/surface.ts";
import type { Environment } from "../config/environment.ts";
import type { Log } from "../domain/log.ts";
import type { Meter } from "../domain/meter.ts";
import { surfaceName } from "../domain/people/surface.ts";
import type { RunningBot } from "./bot.ts";
import { knownSurfaces } from "./known-surfaces.ts";
import { OperatorTroubles } from "./troubles.ts";

/** The chat platforms that are configured, connected for as long as they run. */
export interface Surfaces {
  readonly all: readonly ChatSurface[];
  start(): void;
  stop(): Promise<void>;
  /** For `/healthz`: what does not hear, in words. */
  deafness(): readonly { readonly name: string; readonly deaf: () => string | undefined }[];
}

const lookEveryMs = 1_000;
/** A platform that does not hear for so long is told about where people still listen. Restarts and hiccups are shorter. */
const deafAfterMs = 15_000;

export async function openSurfaces(parts: {
  readonly bot: RunningBot;
  readonly environment: Pick<Environment, "slack" | "discord">;
  readonly app: FastifyInstance;
  readonly log: Log;
  readonly meter: Meter;
}): Promise<Surfaces> {
  const { bot, environment, app, log, meter } = parts;
  // Which workspace and server it is in is settled when it connects.
  const { config } = bot.current();
  const troubles = new OperatorTroubles({ store: bot.store, policyInForce: bot.policyInForce, log });
  const shared: ChatSurfaceParts = {
    bot: bot.pipeline,
    commands: () => bot.current().commands,
    leases: storedLeases(bot.store),
    troubles,
    log,
    meter,
  };
  const all: ChatSurface[] = [];
  if (environment.slack) {
    const { createSlackSurface } = await import("../bot/slack/surface.ts");
    all.push(createSlackSurface(shared, { ...environment.slack, ...config.slack, app }));
  }
  if (environment.discord) {
    const { createDiscordSurface } = await import("../bot/discord/surface.ts");
    all.push(createDiscordSurface(shared, { ...environment.discord, ...config.discord }));
  }
  for (const surface of all) bot.directories.add(surface.courier.surface, surface.directory);
  const watches = all.map((surface) => new Watch(surface, troubles, meter));
  let looking: NodeJS.Timeout | undefined;
  return {
    all,
    start() {
      for (const surface of all) surface.start();
      looking = setInterval(() => {
        for (const watch of watches) watch.look();
      }, lookEveryMs).unref();
    },
    async stop() {
      clearInterval(looking);
      await Promise.all(all.map((surface) => surface.stop()));
      await troubles.settled();
    },
    deafness: () => watches.map((watch) => ({ name: watch.name, deaf: () => watch.deaf() })),
  };
}

/** Notices when a platform has not heard for a while, and when it hears again. */
class Watch {
  readonly name: string;
  readonly #surface: ChatSurface;
  readonly #troubles: OperatorTroubles;
  readonly #meter: Meter;
  #deafSince: number | undefined;
  /** Since when no trouble that was told accounts for it: a platform that is back needs a moment to be heard again. */
  #unexplainedSince: number | undefined;
  #hasHeard = false;

  constructor(surface: ChatSurface, troubles: OperatorTroubles, meter: Meter) {
    this.name = surfaceName(knownSurfaces, surface.courier.surface);
    this.#surface = surface;
    this.#troubles = troubles;
    this.#meter = meter;
  }

  look(): void {
    const { surface } = this.#surface.courier;
    const why = this.#surface.deaf();
    this.#meter.gauge("wardroom_surface_hears", why === undefined ? 1 : 0, { surface });
    if (why === undefined) {
      this.#deafSince = undefined;
      this.#unexplainedSince = undefined;
      this.#hasHeard = true;
      this.#troubles.clear(`deaf/${surface}`);
      return;
    }
    const now = performance.now();
    this.#deafSince ??= now;
    // One cause is told once.
    this.#unexplainedSince = this.#troubles.explains(surface) ? undefined : (this.#unexplainedSince ?? now);
    if (this.#unexplainedSince === undefined || now - this.#unexplainedSince < deafAfterMs) return;
    this.#troubles.raise({
      id: `deaf/${surface}`,
      surface,
      what: `Nothing that is said on ${this.name} reaches Wardroom: ${why}`,
      remedy: `Ask elsewhere until this message says that it is over. If it lasts, run: npx --no wardroom doctor`,
    });
  }

  /** Undefined for a short loss, which mends itself; what has not heard yet since the start is not a loss. */
  deaf(): string | undefined {
    const why = this.#surface.deaf();
    if (why === undefined) {
      this.#hasHeard = true;
      return undefined;
    }
    const since = this.#deafSince ?? performance.now();
    return this.#hasHeard && performance.now() - since < deafAfterMs ? undefined : why;
  }
}
