import { z } from "zod";
import { type Document, type Put, type Store, sortable } from "../domain/store.ts";
import { eachLegible, legible } from "./legible.ts";

const StoredTold = z.object({
  format: z.literal(1),
  /** The key of the episode. */
  episode: z.string(),
  at: z.number(),
  /** Ids of the groups that it was put into. */
  groups: z.array(z.string()),
  /** What keeps it from people, since when nothing else was so; it is looked at again while it fires. */
  held: z
    .object({ fate: z.enum(["silenced", "inhibited", "muted"]), why: z.string(), lookAt: z.number() })
    .exactOptional(),
  /** While it fires it may hide others: what it is told apart by. */
  source: z
    .object({ labels: z.record(z.string(), z.string()), severity: z.enum(["critical", "warning", "info"]) })
    .exactOptional(),
});

/** Where one episode of an alert was told, or what keeps it from being. */
export type ToldEpisode = Readonly<Omit<z.output<typeof StoredTold>, "format">>;

export function toldKey(episode: string): string {
  return episode.replace(/^[^/]*\//, "alert-told/");
}

export function parseTold(document: Document): ToldEpisode {
  const { format: _, ...told } = legible(document, (value) => StoredTold.parse(value));
  return told;
}

/** Found among what is held by when it is looked at again, among what may hide others, and by its age. */
export function putTold(told: ToldEpisode): Put {
  const { episode, at, held, source } = told;
  return {
    key: toldKey(episode),
    value: { format: 1, ...told },
    index: {
      at: sortable(at),
      ...(held && { held: sortable(held.lookAt) }),
      ...(source && { source: sortable(at) }),
    },
  };
}

/** What fires and may hide others. */
export async function toldSources(
  store: Pick<Store, "list">,
  limit: number,
): Promise<readonly NonNullable<ToldEpisode["source"]>[]> {
  const documents = await store.list("alert-told", "source", { limit });
  return eachLegible(documents, parseTold).found.flatMap(({ source }) => source ?? []);
}

/** Episodes that are held and were to be looked at by a time, in ms, the longest due first. */
export async function toldHeld(store: Pick<Store, "list">, by: number, limit: number): Promise<readonly ToldEpisode[]> {
  const documents = await store.list("alert-told", "held", { to: sortable(by), limit });
  return eachLegible(documents, parseTold).found;
}
