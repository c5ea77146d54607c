import { z } from "zod";
import type { AlertPage } from "../domain/escalation/page.ts";
import { Place } from "../domain/messages/place.ts";
import { Account } from "../domain/people/person.ts";
import { type Document, type Owed, type Put, rangeBelow, type Store, sortable } from "../domain/store.ts";
import { ifLegible, legible } from "./legible.ts";
import { owedNotice } from "./notice.ts";

const StoredPage = z.object({
  format: z.literal(1),
  id: z.string(),
  system: z.string(),
  class: z.string(),
  level: z.number(),
  at: z.number(),
  alerts: z.array(z.object({ code: z.string(), summary: z.string(), since: z.number() })),
  count: z.number(),
  contacts: z.array(z.object({ title: z.string(), names: z.array(z.string()), note: z.string() })),
  calls: z.array(z.object({ account: Account, name: z.string() })),
  places: z.array(Place),
  hooks: z.array(
    z.object({
      contact: z.string(),
      index: z.number(),
      title: z.string(),
      state: z.enum(["owed", "taken", "failed", "skipped"]),
    }),
  ),
  isNobody: z.boolean(),
  missed: z.array(z.number()),
});

/** Services that are called for a page. */
export const pageHookQueue = "page-hooks";

/** Which service is called, as an item of its queue holds it. */
export const PageHookItem = z.object({ page: z.string(), contact: z.string(), index: z.number() });
export type PageHookItem = z.output<typeof PageHookItem>;

export interface ReadPage {
  readonly page: AlertPage;
  readonly revision: string;
}

export function pageKey(id: string): string {
  return `page/${id}`;
}

/** Found by its age, and as the last of its level. */
export function putPage(page: AlertPage): Put {
  return {
    key: pageKey(page.id),
    value: { format: 1, ...page },
    index: { at: sortable(page.at), level: `${levelText(page)}/${sortable(page.at)}` },
  };
}

function levelText({ system, class: name, level }: Pick<AlertPage, "system" | "class" | "level">): string {
  return `${system}/${name}/${level}`;
}

export function parsePage(document: Document): ReadPage {
  const { format: _, ...page } = legible(document, (value) => StoredPage.parse(value));
  return { page, revision: document.revision };
}

/** Undefined where it is no longer kept. Throws UnreadableRecord. */
export async function readPage(store: Pick<Store, "read">, id: string): Promise<ReadPage | undefined> {
  const [document] = await store.read([pageKey(id)]);
  return document && parsePage(document);
}

/** The last page of a level; undefined where there was none, or it cannot be read. */
export async function lastPage(
  store: Pick<Store, "list">,
  level: Pick<AlertPage, "system" | "class" | "level">,
): Promise<ReadPage | undefined> {
  const [document] = await store.list("page", "level", { ...rangeBelow(levelText(level)), limit: 1, reverse: true });
  return document && ifLegible(() => parsePage(document));
}

/** Owes its messages, wherever they are: the first time they are posted, and brought up to date after that. */
export function owedPage({ id, places }: Pick<AlertPage, "id" | "places">, now: number): readonly Owed[] {
  return places.map((place) => owedNotice({ subject: { kind: "page", page: id }, place }, now));
}

/** Brings messages of pages up to date; of one that is no longer kept, or cannot be read, nothing. */
export async function owedPages(
  store: Pick<Store, "read">,
  ids: readonly string[],
  now: number,
): Promise<readonly Owed[]> {
  const documents = await store.read([...new Set(ids)].map(pageKey));
  return documents.flatMap((document) => {
    const read = document && ifLegible(() => parsePage(document));
    return read ? owedPage(read.page, now) : [];
  });
}
