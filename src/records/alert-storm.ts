import { z } from "zod";
import { type Storm, Weather } from "../domain/alerts/storm.ts";
import { type Document, type Put, type Store, sortable } from "../domain/store.ts";
import { eachLegible, legible } from "./legible.ts";

const StoredWeather = z.object({ format: z.literal(1), ...Weather.shape });

export function weatherKey(channel: string): string {
  return `alert-storm/${channel}`;
}

export function parseWeather(document: Document): Weather {
  const { format: _, ...weather } = legible(document, (value) => StoredWeather.parse(value));
  return weather;
}

/** Found while its channel is in a storm. */
export function putWeather(weather: Weather): Put {
  const { channel, storm } = weather;
  return {
    key: weatherKey(channel),
    value: { format: 1, ...weather },
    ...(storm && storm.overAt === undefined && { index: { storm: sortable(storm.lastAt) } }),
  };
}

/** What the summary of a storm is called where it is told what became of an event. */
export function stormName(channel: string, { began, part }: Pick<Storm, "began" | "part">): string {
  return `storm:${channel}.${began}${part === 0 ? "" : `.${part}`}`;
}

/** Channels that are in a storm. */
export async function stormyChannels(store: Pick<Store, "list">, limit: number): Promise<readonly Weather[]> {
  return eachLegible(await store.list("alert-storm", "storm", { limit }), parseWeather).found;
}

/** The storm of a channel that began then; undefined once another has followed it. */
export async function readStorm(
  store: Pick<Store, "read">,
  { channel, began }: { readonly channel: string; readonly began: number },
): Promise<Weather | undefined> {
  const [document] = await store.read([weatherKey(channel)]);
  const weather = document && parseWeather(document);
  return weather?.storm?.began === began ? weather : undefined;
}
