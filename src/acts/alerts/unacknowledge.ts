import type { Ack } from "../../domain/alerts/ack.ts";
import type { DoneBy } from "../../domain/commands/command.ts";
import type { Store } from "../../domain/store.ts";
import { parseAck, readAck, storedAck } from "../../records/ack.ts";
import { committedBefore, transact } from "../transact.ts";
import { ackEnding } from "./ack-ending.ts";

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
    const ending = await ackEnding(store, standing, { now: at, what: "unacknowledged", who: by });
    return { result: standing.ack, commit: { once: { key: once, answer: storedAck(standing.ack) }, ...ending } };
  });
  return outcome.repeated ? parseAck(outcome.answer) : outcome.result;
}
