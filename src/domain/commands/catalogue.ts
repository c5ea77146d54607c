import type { Permission } from "../people/person.ts";

/** What can be asked, in words: what `help` and `why` know of the commands. */
export interface Catalogue {
  readonly entries: readonly CatalogueEntry[];
}

export interface CatalogueEntry {
  readonly name: string;
  readonly summary: string;
  readonly permission: Permission;
  /** The field whose value is the system that the permission is asked for. */
  readonly systemField?: string;
  /** Anybody known may ask it. */
  readonly open: boolean;
  /** One line, for example `logs <system> [source] [since:…]`. */
  readonly usage: string;
  readonly examples: readonly string[];
  readonly fields: readonly CatalogueField[];
  /** What is asked through it, by the names that people know them by, with how each is typed and of which system. */
  readonly asks?: ReadonlyMap<string, readonly CatalogueAsking[]>;
}

export interface CatalogueAsking {
  /** For example `run trader reset-stop reason:"…"`. */
  readonly usage: string;
  readonly args: Readonly<Record<string, string>>;
}

export interface CatalogueField {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly required: boolean;
  /** What it takes, for example `a whole number, 1 to 500; 100 if left out`. */
  readonly takes: string;
}

/** The entry whose name stands at the start of a text, the longest first, and what follows it. */
export function entryAt(text: string, catalogue: Catalogue): { entry: CatalogueEntry; rest: string } | undefined {
  const words = text.trim().split(/\s+/);
  for (const count of [2, 1]) {
    const name = words.slice(0, count).join(" ").toLowerCase();
    const entry = words.length >= count ? catalogue.entries.find((each) => each.name === name) : undefined;
    if (entry) return { entry, rest: words.slice(count).join(" ") };
  }
  return undefined;
}
