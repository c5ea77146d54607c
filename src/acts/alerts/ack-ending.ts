import type { Ack } from "../../domain/alerts/ack.ts";
import type { Who } from "../../domain/journal.ts";
import type { Commit, Store } from "../../domain/store.ts";
import { ackKey } from "../../records/ack.ts";
import { releaseEscalation } from "../escalation/hold.ts";
import { alterTold } from "./alter-told.ts";

interface Ending {
  readonly now: number;
  readonly what: "unacknowledged" | "lapsed";
  readonly who: Who;
}

/** What is written where nobody has an alert any more, on the messages that it is on as well. */
export async function ackEnding(
  store: Store,
  { ack, revision }: { readonly ack: Ack; readonly revision: string },
  { now, what, who }: Ending,
): Promise<Pick<Commit, "expect" | "put" | "notices" | "remove" | "journal">> {
  const { code, system, summary } = ack;
  const told = await alterTold(store, [code], { now, what, with: (member) => ({ ...member, ack: undefined }) });
  const free = await releaseEscalation(store, code, now);
  return {
    expect: { ...told.expect, ...free.expect, [ackKey(code)]: revision },
    put: [...told.put, ...free.put],
    notices: [...told.notices, ...free.notices],
    remove: [ackKey(code)],
    journal: [{ kind: "alert.unacknowledged", at: now, who, alert: code, system, summary }],
  };
}
