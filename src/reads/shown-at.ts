import type { MessageRef } from "../domain/messages/message.ts";
import type { Store } from "../domain/store.ts";
import { readInvocation } from "../records/invocation.ts";
import { messageAt } from "../records/message.ts";

/** The request whose card stands as this message; undefined when it is none of the bot's copies. */
export async function requestAt(store: Store, ref: MessageRef): Promise<string | undefined> {
  const subject = (await messageAt(store, ref))?.subject;
  return subject?.kind === "request" ? subject.request : undefined;
}

/** Codes of the alerts that the bot showed in this message; none for any other message. */
export async function alertsAt(store: Store, ref: MessageRef): Promise<readonly string[]> {
  const subject = (await messageAt(store, ref))?.subject;
  const found = subject?.kind === "answer" ? await readInvocation(store, subject.invocation) : undefined;
  return found?.record.answer?.alerts ?? [];
}
