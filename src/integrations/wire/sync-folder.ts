import { constants, open } from "node:fs/promises";

/** Puts the names in a folder on disk: a file that is synced and whose name is not is lost with the power. */
export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, constants.O_RDONLY);
  await handle.sync();
}
