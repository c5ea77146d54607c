import type { FastifyInstance } from "fastify";
import { storedLeases } from "../acts/hold-lease.ts";
import { HearingWatch } from "../bot/chat/hearing-watch.ts";
import type { ChatSurface, ChatSurfaceParts } from "../bot/surface.ts";
import type { PlatformAccess } from "../config/environment.ts";
import type { Log } from "../domain/log.ts";
import type { Meter } from "../domain/meter.ts";
import { surfaceName } from "../domain/people/surface.ts";
import type { RunningBot } from "./bot.ts";
import { knownSurfaces, platforms } from "./known-surfaces.ts";

/** The chat platforms that are configured, connected for as long as they run. */
export interface Surfaces {
  readonly all: readonly ChatSurface[];
  start(): void;
  stop(): Promise<void>;
  /** For `/healthz`: what does not hear, in words. */
  deafness(): readonly { readonly name: string; readonly deaf: () => string | undefined }[];
}

const lookEveryMs = 1_000;

/** Connects the platforms that the environment gives access to. They begin to hear when they are started. */
export async function openSurfaces(parts: {
  readonly bot: RunningBot;
  readonly environment: PlatformAccess;
  readonly app: FastifyInstance;
  readonly log: Log;
  readonly meter: Meter;
}): Promise<Surfaces> {
  const { bot, environment, app, log, meter } = parts;
  // Which workspace and server it is in is settled when it connects.
  const { config } = bot.current();
  const { troubles } = bot;
  const shared: ChatSurfaceParts = {
    bot: bot.pipeline,
    commands: () => bot.current().commands,
    async groupsNamed(surface) {
      const { groups } = await bot.policyInForce();
      return groups.filter((each) => each.surface === surface).map((each) => each.group);
    },
    leases: storedLeases(bot.store),
    troubles,
    log,
    meter,
  };
  const all: ChatSurface[] = [];
  for (const platform of platforms) {
    const opened = await platform.open(shared, { access: environment, config, app });
    if (opened) all.push(opened);
  }
  for (const surface of all) bot.directories.add(surface.courier.surface, surface.directory);
  const watches = all.map((surface) => new HearingWatch({ surface, name: nameOf(surface), troubles, meter }));
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
    },
    deafness: () => watches.map((watch) => ({ name: watch.name, deaf: () => watch.deaf() })),
  };
}

function nameOf({ courier }: ChatSurface): string {
  return surfaceName(knownSurfaces, courier.surface);
}
