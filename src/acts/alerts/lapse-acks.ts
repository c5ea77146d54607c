import { nobody } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import { acksEnded, readAck } from "../../records/ack.ts";
import { transact } from "../transact.ts";
import { ackEnding } from "./ack-ending.ts";

const perLook = 100;

/** Tells of alerts that fire on although the time is over for which somebody had them: from then on nobody has. Answers how many. */
export async function lapseAcks(store: Store): Promise<number> {
  const ended = await acksEnded(store, await store.now(), perLook);
  for (const { code } of ended) await lapse(store, code);
  return ended.length;
}

async function lapse(store: Store, code: string): Promise<void> {
  await transact(store, async (at) => {
    const standing = await readAck(store, code);
    // Somebody may have taken it anew meanwhile.
    if (!standing || standing.ack.until === undefined || standing.ack.until > at) return { result: undefined };
    return { result: undefined, commit: await ackEnding(store, standing, { now: at, what: "lapsed", who: nobody }) };
  });
}
