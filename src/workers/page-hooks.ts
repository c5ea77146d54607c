import { noteHook } from "../acts/escalation/note-hook.ts";
import { openOn } from "../cards/page.ts";
import type { Routing } from "../domain/alerts/routing.ts";
import type { PageHook } from "../domain/escalation/escalation-file.ts";
import type { AlertPage, PageHooks } from "../domain/escalation/page.ts";
import type { Log } from "../domain/log.ts";
import type { Troubles } from "../domain/messages/trouble.ts";
import type { Store } from "../domain/store.ts";
import { counted } from "../domain/text/quantities.ts";
import { escalationShown, readEscalations } from "../records/escalation.ts";
import { PageHookItem, pageHookQueue, readPage } from "../records/page.ts";
import { type Handled, type QueueWorker, startQueueWorker } from "./queue-worker.ts";

const deadlineMs = 8_000;
/** So soon it is tried again, ms, and for so long: whoever would be called after that is called by the next level. */
const againMs = 10_000;
const triedForMs = 15 * 60_000;
/** Services cut longer texts, or send them as several. */
const longestText = 300;

interface HookPorts {
  readonly store: Store;
  readonly log: Log;
  readonly troubles: Troubles;
  readonly routing: () => Routing;
  readonly hooks: PageHooks;
}

/** Posts pages to services for text messages and calls, each until it was taken or nobody needs calling any more. */
export function startPageHookWorker(ports: HookPorts): QueueWorker {
  const { store, log } = ports;
  return startQueueWorker({
    queue: pageHookQueue,
    store,
    log,
    leaseMs: 2 * deadlineMs,
    parallel: 4,
    everyMs: 1_000,
    handle: (item) => call(ports, PageHookItem.parse(item.body)),
  });
}

async function call({ store, troubles, routing, hooks }: HookPorts, item: PageHookItem): Promise<Handled> {
  const page = (await readPage(store, item.page))?.page;
  const hook = page && hookOf(routing(), page, item);
  if (!page || !hook) return { done: true };
  const standing = await readEscalations(
    store,
    page.alerts.map(({ code }) => code),
  );
  const open = openOn(page, [...standing.values()].map(escalationShown));
  if (open.length === 0) {
    await noteHook(store, item, "skipped");
    return { done: true };
  }
  const trouble = `page-hook-${page.system}-${item.contact}`;
  const sent = await hooks.post(hook.to, bodyOf(page, item, hook), deadlineMs);
  if (sent.ok) {
    troubles.clear(trouble);
    await noteHook(store, item, "taken");
    return { done: true };
  }
  troubles.raise({
    id: trouble,
    what: `The service behind ${item.contact} of ${page.system} does not take pages: ${sent.detail}.`,
    remedy:
      "Call them yourself. Look at webhooks of this contact, under escalation of its system or oncall in wardroom.yaml.",
  });
  const now = await store.now();
  if (now - page.at < triedForMs) return { done: false, retryAt: now + againMs };
  await noteHook(store, item, "failed");
  return { done: true };
}

/** As the files have it now; undefined where it stands there no more. */
function hookOf(
  routing: Routing,
  { system, class: name, level }: AlertPage,
  { contact, index }: PageHookItem,
): PageHook | undefined {
  const plan = routing.escalations.get(system)?.classes.find(({ id }) => id === name);
  const found = plan?.levels.find(({ number }) => number === level)?.contacts.find(({ id }) => id === contact);
  return found?.webhooks[index];
}

function bodyOf(
  page: AlertPage,
  { contact, index }: PageHookItem,
  { fields }: PageHook,
): Readonly<Record<string, string>> {
  const { id, system, class: name, level, count, alerts } = page;
  const title = count === 1 ? (alerts[0]?.summary ?? "an alert") : counted(count, "alert");
  const known: Readonly<Record<string, string>> = {
    key: `${id}.${contact}.${index}`,
    title,
    system,
    level: String(level),
    text: `${system} ${name}, level ${level}: ${title}. Nobody has it.`.slice(0, longestText),
  };
  const filled = Object.entries(fields).map(([field, text]) => [
    field,
    text.replaceAll(/\{(key|title|system|level|text)\}/g, (_, word: string) => known[word] ?? ""),
  ]);
  return { key: known["key"] ?? "", text: known["text"] ?? "", ...Object.fromEntries(filled) };
}
