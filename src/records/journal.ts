import { z } from "zod";
import { nobody, type PastEntry, type Who } from "../domain/journal.ts";
import type { Json, StoredEntry } from "../domain/store.ts";

const StoredWho = z.object({
  person: z.string().nullable(),
  name: z.string().exactOptional(),
  account: z.string().nullable(),
});

/** Reads an entry of this release, and of the one before, which kept whoever did it under names of each kind's own. */
export function readEntry(stored: StoredEntry): PastEntry {
  const who = StoredWho.safeParse(stored["who"]);
  if (!who.success) return entryBefore(stored);
  return { ...about(stored), who: who.data };
}

function entryBefore(stored: StoredEntry): PastEntry {
  const { kind } = stored;
  switch (kind) {
    case "link.claimed":
      return { ...about(stored), who: whoBefore(stored["person"], stored["from"]) };
    case "link.confirmed":
      return { ...about(stored), who: whoBefore(stored["confirmedBy"], stored["confirmedFrom"]) };
    case "link.removed":
      return { ...about(stored), who: whoBefore(stored["by"], stored["from"]) };
    case "terminal.enrolled":
      return { ...about(stored), who: nobody };
    default:
      return { kind, who: whoBefore(stored["person"], stored["account"], stored["name"]), fields: stored };
  }
}

function about(stored: StoredEntry): Omit<PastEntry, "who"> {
  const [person, account] = [textOf(stored["person"]), textOf(stored["account"])];
  return {
    kind: stored.kind,
    fields: stored,
    ...(person !== undefined && { person }),
    ...(account !== undefined && { account }),
  };
}

function whoBefore(person: Json | undefined, account: Json | undefined, name?: Json): Who {
  const known = textOf(name);
  return {
    person: textOf(person) ?? null,
    ...(known !== undefined && { name: known }),
    account: textOf(account) ?? null,
  };
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
