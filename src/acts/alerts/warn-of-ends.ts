import { isWarnedOf } from "../../domain/alerts/silence.ts";
import type { Store } from "../../domain/store.ts";
import { putSilence, readSilence, silenceKey, silencesAt } from "../../records/silence.ts";
import { transact } from "../transact.ts";
import { alterTold } from "./alter-told.ts";

/** Says under the messages of what still fires that its silence ends soon: once for each silence. */
export async function warnOfEnds(store: Store): Promise<void> {
  const now = await store.now();
  const { found } = await silencesAt(store, now);
  for (const { silence } of found) if (isWarnedOf(silence, now)) await warn(store, silence.id);
}

async function warn(store: Store, id: string): Promise<void> {
  await transact(store, async (now) => {
    const standing = await readSilence(store, id);
    if (!standing || !isWarnedOf(standing.silence, now)) return { result: undefined };
    const { silence, revision } = standing;
    const told = await alterTold(store, silence.codes, { now, what: "expiring", with: (member) => member });
    return {
      result: undefined,
      commit: {
        expect: { ...told.expect, [silenceKey(id)]: revision },
        put: [...told.put, putSilence({ ...silence, warned: true }, now)],
        notices: told.notices,
      },
    };
  });
}
