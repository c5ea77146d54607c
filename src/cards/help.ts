import type { CatalogueEntry } from "../domain/commands/catalogue.ts";
import type { Block, Card } from "../domain/messages/card.ts";

/** A command in the list of all, with one example. */
export interface HelpRow {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
}

/** The commands somebody may ask, each with an example; `hidden` is how many more there are. */
export function helpCard(entries: readonly HelpRow[], hidden: number): Card {
  return {
    tone: "neutral",
    title: "What you may do here",
    summary: `${entries.length} commands. Type one as it stands in an example.`,
    blocks: [rowsTable(entries)],
    footer:
      hidden > 0
        ? `${hidden} more ${hidden === 1 ? "needs" : "need"} other rights or another channel: why <command> says which.`
        : "help <command> shows its fields.",
  };
}

/** The commands that begin with one word. */
export function groupCard(word: string, entries: readonly HelpRow[]): Card {
  return {
    tone: "neutral",
    title: `${word}: ${entries.length} of the commands you may use here`,
    blocks: [rowsTable(entries)],
    footer: "help <command> shows its fields.",
  };
}

function rowsTable(entries: readonly HelpRow[]): Block {
  return {
    kind: "table",
    columns: [{ title: "Command" }, { title: "What it does" }, { title: "For example" }],
    rows: entries.map((entry) => [entry.name, entry.summary, entry.example]),
  };
}

/** What one system has that is asked for through a command: the names of its operations, or of its queries. */
export interface SystemAsks {
  readonly system: string;
  readonly names: readonly string[];
}

/** One command: how it is typed, its fields, what each system has of it, and examples. */
export function commandCard(entry: CatalogueEntry, asks: readonly SystemAsks[] = []): Card {
  return {
    tone: "neutral",
    title: entry.name,
    summary: entry.summary,
    blocks: [
      { kind: "code", text: entry.usage },
      ...fieldsTable(entry),
      ...asksList(asks),
      { kind: "list", items: entry.examples.map((text) => ({ text })) },
    ],
  };
}

/** Each system on a line of its own, and every name whole. */
function asksList(asks: readonly SystemAsks[]): Block[] {
  if (asks.length === 0) return [];
  return [{ kind: "list", items: asks.map(({ system, names }) => ({ text: `${system}: ${names.join(", ")}` })) }];
}

function fieldsTable({ fields }: CatalogueEntry): Block[] {
  if (fields.length === 0) return [];
  const rows = fields.map((field) => [
    field.name,
    field.required ? "yes" : "no",
    field.takes,
    field.help || field.label,
  ]);
  const columns = [{ title: "Field" }, { title: "Needed" }, { title: "Takes" }, { title: "What it is" }];
  return [{ kind: "table", columns, rows }];
}
