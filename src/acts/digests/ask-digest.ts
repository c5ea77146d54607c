import type { DoneBy } from "../../domain/commands/command.ts";
import type { Digest } from "../../domain/digests/digest.ts";
import { periodOf } from "../../domain/digests/schedule.ts";
import type { Store } from "../../domain/store.ts";
import { zonedAt } from "../../domain/text/moment.ts";
import { type DigestRecord, digestKey, putDigest } from "../../records/digest.ts";
import { transact } from "../transact.ts";
import { owedDigest } from "./open-slots.ts";

/** Owes a digest now, besides those of its slots: it tells of as long a time as one of these. The same delivery owes it once. */
export async function askDigest(store: Store, digest: Digest, by: DoneBy): Promise<void> {
  await transact(store, async (now) => {
    const record = askedDigest(digest, now, by);
    return {
      result: undefined,
      commit: {
        once: { key: `digest:${by.invocation}`, answer: null },
        expect: { [digestKey(record)]: null },
        put: [putDigest(record)],
        timers: [owedDigest(record, now)],
        journal: [
          {
            kind: "digest.asked" as const,
            at: now,
            who: { person: by.person, name: by.name, account: by.account },
            digest: digest.name,
            slot: record.slot,
          },
        ],
      },
    };
  });
}

/** As it would be made now, and not yet. */
export function askedDigest(
  digest: Digest,
  now: number,
  { name: askedBy, invocation }: Pick<DoneBy, "name" | "invocation">,
): DigestRecord {
  const { name, title, zone } = digest;
  const time = zonedAt(now, zone).toPlainDateTime().toString({ smallestUnit: "second" });
  return {
    name,
    title,
    zone,
    slot: `${time} ${invocation}`.replaceAll(/[^\w:.-]+/g, "-").slice(0, 80),
    dueAt: now,
    from: now - periodOf(digest, now),
    to: now,
    state: "due",
    askedBy,
    sections: [],
    comparedWith: [],
  };
}
