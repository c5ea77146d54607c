import type { SubjectData } from "../domain/messages/subject.ts";
import type { Store } from "../domain/store.ts";
import { readGraph } from "../records/alert-graph.ts";
import { type GroupMessage, membersChanged, membersIn, readGroup } from "../records/alert-group.ts";
import { escalationShown, readEscalations } from "../records/escalation.ts";
import { readMessage } from "../records/message.ts";
import { noticeId } from "../records/notice.ts";

/** More lines of one message nobody reads. */
const mostFiring = 20;
const mostOver = 8;
/** More than are named of what is said at once: the rest is counted. */
const mostChanged = 200;

/** What a message about alerts shows now; undefined where another has followed it. */
export async function alertsShown(store: Store, message: GroupMessage): Promise<SubjectData | undefined> {
  const group = await readGroup(store, message);
  if (!group) return undefined;
  const [firing, over, graph, now] = await Promise.all([
    membersIn(store, { message, state: "firing", limit: mostFiring }),
    membersIn(store, { message, state: "over", limit: mostOver }),
    readGraph(store, message),
    store.now(),
  ]);
  const escalations = await readEscalations(
    store,
    firing.map(({ code }) => code),
  );
  return {
    kind: "alerts",
    group,
    firing,
    over,
    graph,
    now,
    escalations: [...escalations.values()].map(escalationShown),
  };
}

/**
 * What is to be said under a message: what became of its alerts since that was last said there, or shown first by the message.
 * Undefined where another message has followed it.
 */
export async function changesSaid(store: Store, message: GroupMessage): Promise<SubjectData | undefined> {
  const group = await readGroup(store, message);
  if (!group) return undefined;
  const named = { group: group.id, opened: group.opened };
  const [standing, said, now] = await Promise.all([
    readMessage(store, noticeId({ kind: "alerts", ...named }, group.place)),
    readMessage(store, noticeId({ kind: "alert-changes", ...named }, group.place)),
    store.now(),
  ]);
  const after = Math.max(standing?.shown?.first ?? 0, said?.shown?.rev ?? 0);
  // Under what nobody was shown there is nothing to say.
  const isGone = standing?.shown !== undefined && (standing.shown.dead === true || standing.ref.id === "");
  const changed = isGone ? [] : await membersChanged(store, message, { after, limit: mostChanged });
  return { kind: "alert-changes", group, changed, after, now, ...(standing?.shown && { under: standing.ref }) };
}
