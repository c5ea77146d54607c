import { textOfDatum } from "../../domain/systems/exact.ts";
import type { QueryTable } from "../../domain/systems/queries.ts";
import { counted } from "../../domain/text/quantities.ts";
import { type DigestSection, onlySystem } from "./asked-section.ts";

const mostRows = 20;

/** What one of a system's queries answers. */
export const querySection: DigestSection = {
  title: "Query",
  async find(asked, { systems }) {
    const system = onlySystem(asked);
    const query = system.queries.find(({ id }) => id === asked.options.query);
    const source = `${system.title}, query ${asked.options.query ?? ""}`;
    if (!query) return { source, asOf: asked.to, unavailable: "it is no longer configured" };
    const { value, at = asked.to } = await systems.queries.read(system, query, {});
    const rows = value.rows.slice(0, mostRows).map((row) => ({ text: rowWords(value, row) }));
    return {
      source,
      asOf: at,
      isPartial: value.more,
      ...(value.rows.length === 0 && { words: "none" }),
      figures: [{ id: "rows", title: "rows", value: value.rows.length, unit: "" }],
      lines: [
        ...rows,
        ...(value.rows.length > mostRows ? [{ text: `and ${counted(value.rows.length - mostRows, "row")} more` }] : []),
      ],
    };
  },
};

function rowWords({ columns }: QueryTable, row: QueryTable["rows"][number]): string {
  return row
    .map((cell, at) => {
      const { name = "", unit = "" } = columns[at] ?? {};
      return at === 0
        ? (textOfDatum(cell) ?? "none")
        : `${name} ${textOfDatum(cell) ?? "none"}${unit === "" ? "" : ` ${unit}`}`;
    })
    .join(", ");
}
