import type { FastifyInstance } from "fastify";
import type { Diagnosis } from "../bot/chat/diagnosis.ts";
import type { ChatSurface, ChatSurfaceParts } from "../bot/surface.ts";
import type { PlatformAccess } from "../config/environment.ts";
import type { Config } from "../config/load-config.ts";
import type { SurfaceTraits } from "../domain/people/surface.ts";

/** A chat platform, as the composition knows it. What it needs is loaded when it is used. */
export interface Platform {
  readonly traits: SurfaceTraits;
  /** Connects it; undefined where the environment gives no access to it. */
  open(shared: ChatSurfaceParts, from: PlatformParts): Promise<ChatSurface | undefined>;
  /** Looks at it: tokens, rights, and the channels and groups that the config names. Undefined without access. */
  examine(access: PlatformAccess, config: Config, named: NamedThere): Promise<readonly Diagnosis[] | undefined>;
}

export interface PlatformParts {
  readonly access: PlatformAccess;
  readonly config: Config;
  /** Where a platform that posts what it has to say finds the bot. */
  readonly app: FastifyInstance;
}

/** What the config names of a platform, by the platform's own ids. */
export interface NamedThere {
  readonly channels: readonly string[];
  readonly groups: readonly string[];
  /** The channels that rooms of incidents are like, or below. */
  readonly rooms: readonly string[];
}
