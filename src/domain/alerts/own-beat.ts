import { z } from "zod";
import { HttpConnection } from "../systems/http-connection.ts";
import type { Reading } from "../systems/reading.ts";
import { Url } from "../systems/values.ts";
import { Duration } from "../text/duration.ts";

/** An address outside that is called while the bot is well, so that somebody else notices when it is not. */
export const OwnBeat = z.strictObject({
  /** Called by GET: an address alone, or with its credential. */
  to: z.union([Url, HttpConnection]),
  every: Duration.prefault("1m"),
});
export type OwnBeat = z.output<typeof OwnBeat>;

/** Calls addresses that wait for a sign of life. */
export interface Beats {
  /** Whether it was heard. Never rejects. */
  send(to: OwnBeat["to"], deadlineMs: number): Promise<Reading<true>>;
}
