import { z } from "zod";
import type { Attachment } from "../domain/messages/card.ts";
import { type Owed, type Put, type Store, sortable } from "../domain/store.ts";
import { type GroupMessage, messageOf } from "./alert-group.ts";
import { filesOf, KeptFiles, keptFilesOf } from "./kept-files.ts";
import { ifLegible, legible } from "./legible.ts";

/** Where messages about alerts wait for their graph. */
export const graphQueue = "alert-graphs";

const OwedGraph = z.object({ group: z.string(), opened: z.number() });
const StoredGraph = z.object({ format: z.literal(1), files: KeptFiles });

function graphKey(message: GroupMessage): string {
  return `alert-graph/${messageOf(message)}`;
}

/** Owes a message its graph, to be drawn from a store time in ms on. */
export function owedGraph({ id, opened }: GroupMessage, due: number): Owed {
  const body: z.output<typeof OwedGraph> = { group: id, opened };
  return { queue: graphQueue, id: messageOf({ id, opened }), due, body };
}

/** The message that a graph is owed to. */
export function readOwedGraph(body: unknown): GroupMessage {
  const { group, opened } = OwedGraph.parse(body);
  return { id: group, opened };
}

/** Found by its age. */
export function putGraph(message: GroupMessage, picture: Attachment, now: number): Put {
  const value = { format: 1, files: keptFilesOf([picture]) };
  return { key: graphKey(message), value, index: { at: sortable(now) } };
}

/** The graph of a message: none where none was drawn, or long ago. One that cannot be read is none: the words say it all. */
export async function readGraph(store: Pick<Store, "read">, message: GroupMessage): Promise<readonly Attachment[]> {
  const [document] = await store.read([graphKey(message)]);
  const read = document && ifLegible(() => legible(document, (value) => StoredGraph.parse(value)));
  return read ? filesOf(read.files) : [];
}
