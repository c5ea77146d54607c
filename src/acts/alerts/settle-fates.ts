import { noticeOfName, settledFate } from "../../domain/alerts/settle.ts";
import type { Store } from "../../domain/store.ts";
import type { UnreadableRecord } from "../../domain/unreadable.ts";
import { type AlertFates, fatesKey, openFates, putFates, type ReadFates } from "../../records/alert-fate.ts";
import { newId } from "../../records/ids.ts";
import { shownRevisions } from "../../records/message.ts";

/** So many runs are looked at in one commit. */
const perLook = 200;

type FateRow = AlertFates["events"][number];

/**
 * Puts on record what has been shown of what is owed, the oldest first. Nothing is written per alert when a message is sent:
 * the message says which revision of its group it shows. What stays owed, as in a channel that takes nothing, holds up nothing that
 * came after it. Answers what cannot be read.
 */
export async function settleFates(store: Store): Promise<readonly UnreadableRecord[]> {
  const unreadable: UnreadableRecord[] = [];
  for (let from: string | undefined = ""; from !== undefined; ) {
    const open: Awaited<ReturnType<typeof openFates>> = await openFates(store, perLook, from);
    await settleSome(store, open.found);
    unreadable.push(...open.unreadable);
    from = open.next;
  }
  return unreadable;
}

async function settleSome(store: Store, found: readonly ReadFates[]): Promise<void> {
  const messages = [...new Set(found.flatMap(({ fates }) => fates.events.flatMap(owedOn)))];
  const read = await shownRevisions(store, messages.map(noticeOfName));
  const shown = new Map(messages.map((message, at) => [message, read[at]]));
  const settled = found.flatMap(({ fates, revision }) => {
    const events = fates.events.map((event): FateRow => [event[0], settledFate(event, shown), event[2]]);
    const isNew = events.some(([, fate], at) => fate !== fates.events[at]?.[1]);
    return isNew ? [{ fates: { ...fates, events }, revision }] : [];
  });
  if (settled.length === 0) return;
  // Another replica looks as well: what it wrote is seen the next time.
  await store.commit({
    id: newId(),
    expect: Object.fromEntries(settled.map(({ fates, revision }) => [fatesKey(fates), revision])),
    put: settled.map(({ fates }) => putFates(fates)),
    relaxed: true,
  });
}

function owedOn([, fate, on]: FateRow): readonly string[] {
  return fate === "owed" ? on.map(([message]) => message) : [];
}
