import { z } from "zod";
import type { ToldWindow } from "../domain/alerts/told-window.ts";
import { type Document, type Put, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { eachLegible, legible } from "./legible.ts";

const kind = "maintenance";

const StoredWindow = z.object({
  format: z.literal(1),
  window: z.string(),
  title: z.string(),
  match: z.string(),
  rollback: z.string().exactOptional(),
  systems: z.array(z.string()),
  announce: z.array(z.string()),
  from: z.number(),
  to: z.number(),
  aheadMs: z.number(),
  toldAt: z.number(),
  openedAt: z.number().exactOptional(),
  overAt: z.number().exactOptional(),
  calledOffAt: z.number().exactOptional(),
  left: z.array(z.string()),
});

export function toldWindowKey(window: string): string {
  return `${kind}/${window}`;
}

/** The last opening of a window takes the place of the one before. */
export function putToldWindow(told: ToldWindow): Put {
  const lists = { left: [...told.left], systems: [...told.systems], announce: [...told.announce] };
  return {
    key: toldWindowKey(told.window),
    value: { format: 1, ...told, ...lists },
    index: { at: sortable(told.from) },
  };
}

export function parseToldWindow(document: Document): ToldWindow {
  const { format: _, ...told } = legible(document, (value) => StoredWindow.parse(value));
  return told;
}

/** The last opening of a window that was told; undefined where none was, or it began at another time. */
export async function readToldWindow(
  store: Pick<Store, "read">,
  { window, from }: Pick<ToldWindow, "window" | "from">,
): Promise<ToldWindow | undefined> {
  const [document] = await store.read([toldWindowKey(window)]);
  const told = document && parseToldWindow(document);
  return told?.from === from ? told : undefined;
}

/** The last opening of every window. */
export async function toldWindows(store: Pick<Store, "list">): Promise<Listed<ToldWindow>> {
  return eachLegible(await store.list(kind, "at", { reverse: true, limit: 500 }), parseToldWindow);
}
