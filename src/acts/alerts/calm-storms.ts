import { calmMs } from "../../domain/alerts/storm.ts";
import type { Store } from "../../domain/store.ts";
import { foldedGroups } from "../../records/alert-group.ts";
import { stormyChannels } from "../../records/alert-storm.ts";
import { transact } from "../transact.ts";
import { GroupBook } from "./group-book.ts";

const mostChannels = 100;

/** Of each storm that has been calm for long enough, gives so many groups messages of their own; with none left it is over. */
export async function calmStorms(store: Store, perRound: number): Promise<void> {
  const now = await store.now();
  for (const { channel, storm } of await stormyChannels(store, mostChannels)) {
    if (!storm || now - storm.lastAt < calmMs) continue;
    await transact(store, async (at) => {
      const left = await foldedGroups(store, { channel, began: storm.began }, perRound);
      const book = new GroupBook(store, at);
      if (left.length > 0) await book.unfold(left);
      else await book.endStorm(channel);
      return { result: undefined, commit: await book.parts() };
    });
  }
}
