import { type Backend, serving } from "../domain/systems/backend.ts";
import type { Queries, QueryCell, QueryTable } from "../domain/systems/queries.ts";
import { isSecretName, mask, redact } from "../domain/text/redact.ts";

/** Answers the queries of systems, each with the backend that its file names. */
export function createQueries(backends: readonly Backend[]): Queries {
  return {
    async read(system, { rows, timeout, source }, given) {
      const asked = { system: system.id, deadlineMs: timeout, round: {}, rows, arguments: given };
      const { value, at } = await serving(backends, source.backend, "query").read(source.spec, asked);
      return { value: masked(value, rows), at: at ?? Date.now() };
    },
  };
}

/** Without what looks like a secret, and with no more rows than were asked for. */
function masked({ columns, rows, more }: QueryTable, most: number): QueryTable {
  const secret = columns.map(({ name }) => isSecretName(name));
  return {
    columns: columns.map((column) => ({ ...column, name: redact(column.name) })),
    rows: rows.slice(0, most).map((row) => row.map((cell, at) => maskedCell(cell, secret[at] ?? false))),
    more: more || rows.length > most,
  };
}

function maskedCell(cell: QueryCell, isSecret: boolean): QueryCell {
  if (cell === null) return null;
  if (isSecret) return mask;
  return typeof cell === "string" ? redact(cell) : cell;
}
