import { z } from "zod";
import type { SilenceEnding } from "../domain/alerts/silence-ending.ts";
import { type Document, type Put, type Store, sortable } from "../domain/store.ts";
import { legible } from "./legible.ts";

const StoredEnding = z.object({
  format: z.literal(1),
  id: z.string(),
  match: z.string(),
  until: z.number(),
  by: z.string(),
  comment: z.string(),
  sender: z.string().exactOptional(),
  count: z.number(),
  alerts: z.array(z.string()),
  at: z.number(),
});

export function silenceEndingKey(silence: string): string {
  return `silence-ending/${silence}`;
}

function parseEnding(document: Document): SilenceEnding {
  const { format: _, ...ending } = legible(document, (value) => StoredEnding.parse(value));
  return ending;
}

/** Found by its age. */
export function putSilenceEnding(ending: SilenceEnding): Put {
  return {
    key: silenceEndingKey(ending.id),
    value: { format: 1, ...ending, alerts: [...ending.alerts] },
    index: { at: sortable(ending.at) },
  };
}

/** What people were told of the end of a silence; undefined where they were not. */
export async function readSilenceEnding(
  store: Pick<Store, "read">,
  silence: string,
): Promise<SilenceEnding | undefined> {
  const [document] = await store.read([silenceEndingKey(silence)]);
  return document && parseEnding(document);
}
