import type { Ack } from "../../domain/alerts/ack.ts";
import type { DoneBy } from "../../domain/commands/command.ts";
import type { Store } from "../../domain/store.ts";
import { ackKey, parseAck, readAck, storedAck } from "../../records/ack.ts";
import { committedBefore, transact } from "../transact.ts";
import { alterTold } from "./alter-told.ts";

/** Takes the acknowledgement of the alert with this code back. Undefined when it has none. */
export async function unacknowledgeAlert(
  store: Store,
  code: string,
  { invocation, ...by }: DoneBy,
): Promise<Ack | undefined> {
  const once = `unack:${invocation}`;
  const outcome = await transact(store, async (at) => {
    const standing = await readAck(store, code);
    if (!standing) {
      const before = await committedBefore(store, once);
      return { result: before === undefined ? undefined : parseAck(before) };
    }
    const { ack, revision } = standing;
    const { system, summary } = ack;
    const told = await alterTold(store, [code], {
      now: at,
      what: "unacknowledged",
      with: (member) => ({ ...member, ack: undefined }),
    });
    return {
      result: ack,
      commit: {
        once: { key: once, answer: storedAck(ack) },
        expect: { ...told.expect, [ackKey(code)]: revision },
        put: told.put,
        notices: told.notices,
        remove: [ackKey(code)],
        journal: [{ kind: "alert.unacknowledged", at, who: by, alert: code, system, summary }],
      },
    };
  });
  return outcome.repeated ? parseAck(outcome.answer) : outcome.result;
}
