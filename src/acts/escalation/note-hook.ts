import type { HookCall } from "../../domain/escalation/page.ts";
import type { Store } from "../../domain/store.ts";
import { owedPage, type PageHookItem, pageKey, putPage, readPage } from "../../records/page.ts";
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
    return {
      result: undefined,
      commit: { expect: { [pageKey(id)]: revision }, put: [putPage({ ...page, hooks })], notices: owedPage(page, now) },
    };
  });
}
