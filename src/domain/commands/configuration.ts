import type { PostReader } from "../alerts/post-reader.ts";
import type { Routing } from "../alerts/routing.ts";
import type { Awaited } from "../alerts/sign-of-life.ts";
import type { Digest } from "../digests/digest.ts";
import type { IncidentsInFile } from "../incidents/incidents-file.ts";
import type { Systems } from "../systems/system.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Command } from "./command.ts";

/**
 * What the bot is configured with, whole: all of it is of one reading of the files. Who keeps a part of it past one use
 * would go by files that are no longer there, so nobody does: it is asked for at each use.
 */
export interface Configuration {
  readonly systems: Systems;
  /** The variables that the systems' files refer to as secrets, and no others: read at each call, never shown. */
  readonly secrets?: ReadonlyMap<string, string>;
  /** Every command there is, those of the systems' operations among them. */
  readonly commands: readonly Command[];
  /** The same commands in words. */
  readonly catalogue: Catalogue;
  /** Where alerts go. */
  readonly routing: Routing;
  /** What people are told at a time of the day. */
  readonly digests: readonly Digest[];
  /** How what senders post is read. */
  readonly posts: PostReader;
  /** How incidents are kept. */
  readonly incidents: IncidentsInFile;
  /** What has to be heard of again and again. */
  readonly awaited: readonly Awaited[];
  /** How often systems are looked at so that what is found is told by itself, in ms; undefined for never. */
  readonly watchEveryMs?: number;
  /** How often metrics are read and how long what was read is kept, in ms. */
  readonly history: { readonly everyMs: number; readonly keepMs: number };
}
