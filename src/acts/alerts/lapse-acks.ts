import { nobody } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import { ackKey, acksEnded, readAck } from "../../records/ack.ts";
import { transact } from "../transact.ts";
import { alterTold } from "./alter-told.ts";

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
    const { system, summary } = standing.ack;
    const told = await alterTold(store, [code], {
      now: at,
      what: "lapsed",
      with: (member) => ({ ...member, ack: undefined }),
    });
    return {
      result: undefined,
      commit: {
        expect: { ...told.expect, [ackKey(code)]: standing.revision },
        put: told.put,
        notices: told.notices,
        remove: [ackKey(code)],
        journal: [{ kind: "alert.unacknowledged", at, who: nobody, alert: code, system, summary }],
      },
    };
  });
}
