import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import { closeReadKind, type ReadKind } from "../../domain/systems/reads.ts";
import type { StepValue } from "../../domain/systems/steps.ts";
import { redact } from "../../domain/text/redact.ts";
import type { Secrets } from "../wire/secrets.ts";
import { ofDatabase } from "./connection.ts";
import { readRows } from "./rows.ts";
import { FixedSql } from "./sql.ts";

/** More are no state that people could agree to. */
const mostRows = 200;

const RowsRead = ofDatabase({
  sql: FixedSql,
  /** One value, one row by its columns, or all rows as a list of those. */
  as: z.enum(["value", "row", "rows"]).default("value"),
});

/** A statement read as data, for plans to rest on and for watches. */
export function rowsRead(secrets: Secrets): ReadKind {
  return closeReadKind<z.output<typeof RowsRead>>({
    kind: "postgres",
    schema: RowsRead,
    placeholders: () => [],
    resolve: (spec) => spec,
    describe: ({ sql, ...database }) =>
      `${redact(sql.replaceAll(/\s+/g, " ").trim()).slice(0, 200)} of ${"backend" in database ? database.backend : database.expect.database}`,
    async read({ sql, as, ...database }, { deadlineMs }) {
      const read = await readRows({ secrets, database, deadlineMs }, { text: sql, values: [], most: mostRows });
      return { value: shaped(read, as) };
    },
  });
}

type Read = Awaited<ReturnType<typeof readRows>>;

function shaped({ label, table: { columns, rows, more } }: Read, as: z.output<typeof RowsRead>["as"]): StepValue {
  const odd = (said: string): BackendError => new BackendError(label, { fault: "nonsense", detail: said });
  if (more) throw odd(`it gave more than ${mostRows} rows: a part of them is no state to rest on`);
  const named = rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])));
  if (as === "rows") return named;
  const [first] = named;
  if (!first || named.length > 1) throw odd(`it gave ${named.length} rows where one is wanted`);
  if (as === "row") return first;
  const [value, ...others] = Object.values(first);
  if (value === undefined || others.length > 0) throw odd(`it gave ${columns.length} columns where one is wanted`);
  if (value === null) throw odd("it gave NULL, which is not known");
  return value;
}
