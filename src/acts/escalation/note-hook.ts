import type { AlertPage, HookCall } from "../../domain/escalation/page.ts";
import type { TimelineEntry } from "../../domain/incidents/timeline.ts";
import type { Owed, Store } from "../../domain/store.ts";
import { openIncidents } from "../../records/incident.ts";
import { owedPage, type PageHookItem, pageKey, putPage, readPage } from "../../records/page.ts";
import { entryId, putEntry } from "../../records/timeline.ts";
import { roomsFollow } from "../incidents/rooms-follow.ts";
import { transact } from "../transact.ts";

/** Puts on record what became of the call of a service, and on the page's messages. */
export async function noteHook(
  store: Store,
  { page: id, contact, index }: PageHookItem,
  state: HookCall["state"],
): Promise<void> {
  await transact(store, async (now) => {
    const read = await readPage(store, id);
    if (!read) return { result: undefined };
    const { page, revision } = read;
    const hooks = page.hooks.map((each) =>
      each.contact === contact && each.index === index ? { ...each, state } : each,
    );
    const told = await onTimelines(store, page, { contact, index, state, now });
    return {
      result: undefined,
      commit: {
        expect: { [pageKey(id)]: revision },
        put: [putPage({ ...page, hooks }), ...told.entries.map(putEntry)],
        notices: [...owedPage(page, now), ...told.notices],
      },
    };
  });
}

/** What timelines of open incidents of the system say of it; a call that nobody needs any more is no news. */
async function onTimelines(
  store: Store,
  { id, system, hooks, level, class: name }: AlertPage,
  { contact, index, state, now }: Pick<HookCall, "contact" | "index" | "state"> & { readonly now: number },
): Promise<{ readonly entries: readonly TimelineEntry[]; readonly notices: readonly Owed[] }> {
  const title = hooks.find((each) => each.contact === contact && each.index === index)?.title ?? contact;
  if (state !== "taken" && state !== "failed") return { entries: [], notices: [] };
  const text =
    state === "taken"
      ? `the service behind ${title} took the page of level ${level} of ${name}`
      : `the service behind ${title} did not take the page of level ${level} of ${name}: call them yourself`;
  const { found } = await openIncidents(store);
  const concerned = found.filter((each) => each.system === system).map(({ number }) => number);
  const owed = await Promise.all(concerned.map((number) => roomsFollow(store, number, now)));
  return {
    entries: concerned.map((incident) => ({
      incident,
      id: entryId(0, `hook-${id}-${contact}-${index}-${state}`),
      at: now,
      kind: "delivery",
      text,
      source: `page ${id}`,
    })),
    notices: owed.flatMap(({ notices = [] }) => notices),
  };
}
