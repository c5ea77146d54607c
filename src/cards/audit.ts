import type { AuditEntry, PastEntry } from "../domain/journal.ts";
import type { Card, Column } from "../domain/messages/card.ts";
import type { Json } from "../domain/store.ts";
import { textOfDatum } from "../domain/systems/exact.ts";
import { clock } from "../domain/text/moment.ts";

const columns: Column[] = ["Link", "When", "Who", "What", "Came to", "Where"].map((title) => ({ title }));

/** Who did what, a line each, newest first. */
export function auditCard(
  found: { readonly entries: readonly AuditEntry[]; readonly all: boolean },
  now: number,
): Card {
  const rows = found.entries.map((entry) => [
    `${entry.seq}`,
    clock(entry.at, now),
    entry.who.person ?? "",
    whatWords(entry),
    text(entry.fields["outcome"] ?? entry.fields["state"]),
    text(entry.fields["place"] ?? entry.who.account ?? undefined),
  ]);
  const more = found.all ? "" : "There is more: narrow it or raise limit. ";
  return {
    tone: "neutral",
    title: rows.length === 0 ? "Nothing on record there" : `${rows.length} entries, newest first`,
    blocks: rows.length === 0 ? [] : [{ kind: "table", columns, rows }],
    footer: `${more}The chain is verified with: wardroom audit verify`,
  };
}

function whatWords({ kind, fields, account, person }: PastEntry): string {
  if (kind === "invocation") return `${text(fields["command"])} ${argumentWords(fields["arguments"])}`.trim();
  const owner = account === undefined || person === undefined ? "" : `of ${person}`;
  const subject = [text(fields["operation"]), text(fields["system"]), text(fields["code"]), account ?? "", owner]
    .filter((part) => part !== "")
    .join(" ");
  return `${kind}${subject === "" ? "" : `: ${subject}`}`;
}

function argumentWords(given: Json | undefined): string {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return "";
  return Object.entries(given)
    .map(([name, value]) => `${name}:${text(value)}`)
    .join(" ")
    .slice(0, 200);
}

function text(value: Json | undefined): string {
  return textOfDatum(value) ?? "";
}
