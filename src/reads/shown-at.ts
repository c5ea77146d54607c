import type { MessageRef } from "../domain/messages/message.ts";
import type { Store } from "../domain/store.ts";
import { type GroupMessage, membersIn } from "../records/alert-group.ts";
import { readInvocation } from "../records/invocation.ts";
import { messageAt } from "../records/message.ts";

/** As many as one message names. */
const mostCodes = 20;

/** The request whose card stands as this message; undefined when it is none of the bot's copies. */
export async function requestAt(store: Store, ref: MessageRef): Promise<string | undefined> {
  const subject = (await messageAt(store, ref))?.subject;
  return subject?.kind === "request" ? subject.request : undefined;
}

/** Codes of the alerts that the bot showed in this message; none for any other message. */
export async function alertsAt(store: Store, ref: MessageRef): Promise<readonly string[]> {
  const subject = (await messageAt(store, ref))?.subject;
  if (subject?.kind === "alerts") return codesOn(store, { id: subject.group, opened: subject.opened });
  const found = subject?.kind === "answer" ? await readInvocation(store, subject.invocation) : undefined;
  return found?.record.answer?.alerts ?? [];
}

/** Codes of the alerts that fire on a message about alerts and that nobody has; none for any other message. */
export async function openAlertsAt(store: Store, ref: MessageRef): Promise<readonly string[]> {
  const subject = (await messageAt(store, ref))?.subject;
  if (subject?.kind !== "alerts") return [];
  const message = { id: subject.group, opened: subject.opened };
  const firing = await membersIn(store, { message, state: "firing", limit: mostCodes });
  return firing.filter(({ ack }) => !ack).map(({ code }) => code);
}

/** Those that fire on a message about alerts; where nobody has some of them, those alone. */
async function codesOn(store: Store, message: GroupMessage): Promise<readonly string[]> {
  const firing = await membersIn(store, { message, state: "firing", limit: mostCodes });
  const open = firing.filter(({ ack }) => !ack);
  return (open.length > 0 ? open : firing).map(({ code }) => code);
}
