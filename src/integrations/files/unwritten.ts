import { stat } from "node:fs/promises";

/** What the record of a begin and the clock of a file system may differ by, and how long a look may take, in ms. */
const marginMs = 60_000;

/**
 * Has nobody written, replaced or rotated a file since a step was begun? False where that cannot be told. By the time of its last change of
 * any kind, which no copy and no rename brings along.
 */
export async function isUnwritten(file: string, elapsedMs: number | undefined): Promise<boolean> {
  if (elapsedMs === undefined) return false;
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && found.ctimeMs + marginMs < Date.now() - elapsedMs;
}
