import type { Attachment } from "../../domain/messages/card.ts";
import type { Store } from "../../domain/store.ts";
import { putGraph } from "../../records/alert-graph.ts";
import { type GroupMessage, groupKey, parseGroup } from "../../records/alert-group.ts";
import { owedAlerts } from "../../records/notice.ts";
import { transact } from "../transact.ts";

/** Keeps the graph of a message about alerts, and owes the message so that it shows it. Nothing where another has followed it. */
export async function addGraph(store: Store, message: GroupMessage, picture: Attachment): Promise<void> {
  await transact(store, async (now) => {
    const key = groupKey(message.id);
    const [document] = await store.read([key]);
    const read = document && parseGroup(document);
    if (!read || read.group.opened !== message.opened || read.group.folded !== undefined) return { result: undefined };
    // What waits for more to come still does.
    const due = Math.max(now, read.group.owedAt);
    return {
      result: undefined,
      commit: {
        expect: { [key]: read.revision },
        put: [putGraph(message, picture, now)],
        notices: [owedAlerts("alerts", read.group, due)],
      },
    };
  });
}
