import type { ActiveAlert, Watched } from "../domain/alerts/alert.ts";
import { BackendError } from "../domain/failure.ts";
import { newestState } from "../domain/systems/newest.ts";
import type { NamedQuery, Queries, QueryNewest, QueryTable } from "../domain/systems/queries.ts";
import type { Reading } from "../domain/systems/reading.ts";
import type { System } from "../domain/systems/system.ts";
import { parseDuration } from "../domain/text/duration.ts";
import { take } from "./wire/reading.ts";

/** Backups are hours apart, and listing them starts a program: an answer counts for so long, in ms. */
const countsForMs = 60_000;

export interface Promises {
  /** What a system promises of the newest row of an answer, as of its backups: an alert for each promise that is not kept. Never rejects. */
  watched(system: System): Promise<readonly Watched[]>;
}

interface Asked {
  readonly at: number;
  readonly reading: Promise<Reading<QueryTable>>;
}

/** Asks the queries of which something is promised, each once a minute at most, however many ask how the system is. */
export function createPromises(queries: Pick<Queries, "read">, now: () => number = Date.now): Promises {
  // By the query itself, so that another configuration asks anew.
  const asked = new WeakMap<NamedQuery, Asked>();

  function ask(system: System, query: NamedQuery): Promise<Reading<QueryTable>> {
    const before = asked.get(query);
    if (before && now() - before.at < countsForMs) return before.reading;
    const reading = readAnew(system, query);
    asked.set(query, { at: now(), reading });
    return reading;
  }

  /** What could not be read is asked for again at once. */
  async function readAnew(system: System, query: NamedQuery): Promise<Reading<QueryTable>> {
    const reading = await take(() => queries.read(system, query, {}));
    if (!reading.ok) asked.delete(query);
    return reading;
  }

  /** What is late by the clock alone may have been made since it was asked for: only an answer of after that says that it was not. */
  async function known(
    system: System,
    query: NamedQuery,
    promises: readonly QueryNewest[],
  ): Promise<Reading<QueryTable>> {
    const before = ask(system, query);
    const table = await before;
    if (!table.ok || !promises.some((promise) => isLateSince(promise, table, now()))) return table;
    if (asked.get(query)?.reading === before) asked.delete(query);
    return ask(system, query);
  }

  return {
    async watched(system) {
      const each = system.queries.map(async (query) => {
        const promises = (query.newest ?? []).filter(({ alert }) => alert);
        if (promises.length === 0) return [];
        const table = await known(system, query, promises);
        return Promise.all(promises.map((promise) => watchedPromise({ system, query, promise, table }, now())));
      });
      return (await Promise.all(each)).flat();
    },
  };
}

/** Was it kept when this was read, and is not by now? */
function isLateSince(promise: QueryNewest, { value, at }: { value: QueryTable; at: number }, now: number): boolean {
  return newestState(promise, value, at).is === "kept" && newestState(promise, value, now).is === "missed";
}

interface Promised {
  readonly system: System;
  readonly query: NamedQuery;
  readonly promise: QueryNewest;
  readonly table: Reading<QueryTable>;
}

async function watchedPromise({ system, query, promise, table }: Promised, now: number): Promise<Watched> {
  const id = `${query.id}-${promise.promised.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
  const source = `promise ${id}`;
  if (!table.ok) return { source, reading: table };
  const reading = await take(async () => {
    const state = newestState(promise, table.value, now);
    if (state.is === "untold") throw new BackendError(query.id, { fault: "missing", detail: state.words });
    if (state.is === "kept") return { value: [], at: table.at };
    const severity = promise.alert ?? "warning";
    const alert: ActiveAlert = {
      system: system.id,
      source: "promises",
      id,
      severity,
      ownSeverity: severity,
      summary: `${query.title}: ${state.words.charAt(0).toLowerCase()}${state.words.slice(1, -1)}`,
      ...(state.is === "missed" && { since: state.at + parseDuration(promise.within) }),
      hint: `Look at \`${query.short ? query.id : `query ${system.id} ${query.id}`}${query.short ? ` ${system.id}` : ""}\`: what should have been made was not, or is kept elsewhere.`,
    };
    return { value: [alert], at: table.at };
  });
  return { source, reading };
}
