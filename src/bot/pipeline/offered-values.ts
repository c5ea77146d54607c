import type { Alerts } from "../../domain/alerts/alert.ts";
import { askedWords, concernedSystem, holdsWhereDecided } from "../../domain/approvals/request.ts";
import { judge } from "../../domain/conditions/condition.ts";
import { accountText } from "../../domain/people/person.ts";
import type { Viewer } from "../../domain/people/viewer.ts";
import type { Store } from "../../domain/store.ts";
import type { Lists } from "../../domain/systems/lists.ts";
import type { System } from "../../domain/systems/system.ts";
import { firingNow } from "../../reads/firing.ts";
import { visibleIncidents } from "../../reads/incidents.ts";
import { linkedAccounts } from "../../reads/linked-accounts.ts";
import type { StatePorts } from "../../reads/system-state.ts";
import { openRequests } from "../../records/request.ts";
import type { Offer } from "../language/suggest.ts";

export interface OfferedPorts {
  readonly store: Store;
  readonly systems: StatePorts["systems"] & { readonly lists: Lists };
  readonly alerts: Alerts;
}

/** Whose field it is, and what they may see. */
interface ValuesAsked {
  readonly ports: OfferedPorts;
  readonly viewer: Viewer;
  /** Every system that the viewer may read here. */
  readonly systems: readonly System[];
  /** Those of them that the command names so far; all of them when it names none. */
  readonly named: readonly System[];
  /** What follows the kind after a colon: `services` of `list:services`. */
  readonly part: string;
}

/** Undefined where nobody knows. */
type Offered = readonly Offer[] | undefined;
type Reader = (asked: ValuesAsked) => Offered | Promise<Offered>;

/** As many as are ever shown. */
const most = 25;

/**
 * What a field may be filled with, by the kind that its schema names under `suggest`. Each is read when a field asks for it
 * and not before. A new kind is a line here.
 */
const readers: Readonly<Record<string, Reader>> = {
  systems: ({ systems }) => systems.map(({ id, title }) => ({ insert: id, detail: title })),
  metrics: ({ named }) => named.flatMap((each) => each.metrics.map(({ id, title }) => ({ insert: id, detail: title }))),
  sources: ({ named }) =>
    named.flatMap((each) =>
      each.logs.map(({ id, title, source }) => ({ insert: id, detail: title ?? source.backend })),
    ),
  operations: ({ named }) =>
    named.flatMap((each) =>
      Object.entries(each.operations).map(([insert, { summary }]) => ({ insert, detail: summary })),
    ),
  queries: ({ named }) => named.flatMap((each) => each.queries.map(({ id, title }) => ({ insert: id, detail: title }))),
  people: ({ viewer: { person, policy } }) =>
    person ? policy.people.map(({ id, name }) => ({ insert: id, detail: name })) : [],
  requests: waitingRequests,
  incidents: openIncidents,
  accounts: async ({ ports, viewer }) =>
    viewer.person
      ? (await linkedAccounts(ports.store)).map((link) => ({ insert: accountText(link), detail: link.person }))
      : [],
  alerts: async ({ ports, systems }) =>
    (await firingNow(ports, systems)).alerts.map(({ code, system, summary }) => ({
      insert: code,
      detail: `${system}: ${summary}`,
    })),
  list: listEntries,
};

/** The values that a field with this `suggest` may be filled with; undefined for what could not be read, and a kind that nobody reads. */
export async function offeredValues(suggest: string, asked: Omit<ValuesAsked, "part">): Promise<Offered> {
  const [kind = "", part = ""] = suggest.split(":", 2);
  const reader = Object.hasOwn(readers, kind) ? readers[kind] : undefined;
  return reader?.({ ...asked, part });
}

async function waitingRequests({ ports, systems }: ValuesAsked): Promise<readonly Offer[]> {
  const { found: open } = await openRequests(ports.store, most);
  return open
    .filter(({ sealed }) => holdsWhereDecided(sealed, (name) => systems.some(({ id }) => id === name)))
    .map(({ request, sealed }) => ({ insert: request.code, detail: askedWords(sealed, concernedSystem(sealed)) }));
}

async function openIncidents({ ports, viewer }: ValuesAsked): Promise<readonly Offer[]> {
  const { found: incidents } = await visibleIncidents(ports.store, viewer, most);
  return incidents.map(({ number, title, severity }) => ({ insert: String(number), detail: `${severity} ${title}` }));
}

/** How long a list may take where somebody waits for it while typing: it is left out past this. */
const offeredWithin = { withinMs: 1_500 };

/** Entries of the systems' own lists, read live of those that have it, without what could not be asked for. */
async function listEntries({ ports, named, part }: ValuesAsked): Promise<Offered> {
  const having = named.filter((system) => Object.hasOwn(system.lists, part));
  const read = await Promise.all(
    having.map(async (system) => ({ system, reading: await ports.systems.lists.read(system, part, offeredWithin) })),
  );
  if (!read.some(({ reading }) => reading.ok)) return undefined;
  return read.flatMap(({ system, reading }) =>
    reading.ok
      ? reading.value
          .filter(({ value }) => isTaken(system, part, value))
          .map(({ value, label }) => ({ insert: value, detail: label }))
      : [],
  );
}

/** False of a value that every operation which takes one from this list refuses, whatever else is given or read. */
function isTaken({ operations, queries }: System, list: string, value: string): boolean {
  if (queries.some(({ arguments: given }) => Object.values(given).some(({ from }) => from === list))) return true;
  const takers = Object.values(operations).flatMap(({ arguments: given, precondition }) =>
    Object.entries(given).flatMap(([name, { from, offers = from }]) =>
      offers === list ? [{ name, conditions: precondition?.holds ?? [] }] : [],
    ),
  );
  const refuses = ({ name, conditions }: (typeof takers)[number]): boolean =>
    conditions.some(({ when }) => {
      const judged = judge(when, { [name]: value });
      return judged.ok && !judged.holds;
    });
  return takers.length === 0 || !takers.every(refuses);
}
