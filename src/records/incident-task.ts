import { z } from "zod";
import type { IncidentTask } from "../domain/incidents/task.ts";
import { type Document, type Put, rangeBelow, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { eachLegible, legible } from "./legible.ts";

const StoredTask = z.object({
  format: z.literal(1),
  incident: z.int(),
  number: z.int(),
  text: z.string(),
  owner: z.object({ person: z.string(), name: z.string() }),
  at: z.number(),
  due: z.number().exactOptional(),
  doneAt: z.number().exactOptional(),
});

const kind = "incident-task";

export function taskKey({ incident, number }: Pick<IncidentTask, "incident" | "number">): string {
  return `${kind}/${incident}.${number}`;
}

/** Found below its incident, and among what is yet to be done. */
export function putTask(task: IncidentTask): Put {
  const of = `${sortable(task.incident)}/${sortable(task.number)}`;
  const open = task.doneAt === undefined && { open: sortable(task.due ?? task.at) };
  return { key: taskKey(task), value: { format: 1, ...task }, index: { of, ...open } };
}

function parseTask(document: Document): IncidentTask {
  const { format: _, ...task } = legible(document, (value) => StoredTask.parse(value));
  return task;
}

export async function readTask(
  store: Pick<Store, "read">,
  of: Pick<IncidentTask, "incident" | "number">,
): Promise<{ readonly task: IncidentTask; readonly revision: string } | undefined> {
  const [document] = await store.read([taskKey(of)]);
  return document && { task: parseTask(document), revision: document.revision };
}

/** Everything to be done in an incident, and done, in the order in which it was said. */
export async function tasksOf(store: Pick<Store, "list">, incident: number): Promise<Listed<IncidentTask>> {
  return eachLegible(await store.list(kind, "of", rangeBelow(sortable(incident))), parseTask);
}

/** What is yet to be done of all incidents, what is due first. */
export async function openTasks(store: Pick<Store, "list">, limit = 500): Promise<Listed<IncidentTask>> {
  return eachLegible(await store.list(kind, "open", { limit }), parseTask);
}
