import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import { jsonOf, wellFormed } from "../domain/json.ts";
import type { ChainHead, Json, StoredEntry } from "../domain/store.ts";

/** The chain before its first link. */
export const genesis: ChainHead = { seq: 0, hash: "0".repeat(64) };

/** What one commit journals: canonical JSON (RFC 8785) of its entries, and the SHA-256 of those bytes in hex. */
export interface JournalBody {
  readonly text: string;
  readonly hash: string;
}

export function bodyOf(entries: readonly StoredEntry[]): JournalBody {
  const text = canonicalJson(entries);
  return { text, hash: hash("sha256", text, "hex") };
}

/** Every field is digits or hex, so a line break between them leaves no two readings of the same bytes. */
export function linkHash(previous: string, link: { seq: number; at: number; bodyHash: string }): string {
  return hash("sha256", `wardroom-link-1\n${previous}\n${link.seq}\n${link.at}\n${link.bodyHash}`, "hex");
}

/** The hash that the entry of an archiving holds: over the hashes of the texts that were archived, in their order. */
export function archiveHash(bodyHashes: readonly string[]): string {
  return hash("sha256", `wardroom-archive-1\n${bodyHashes.join("\n")}`, "hex");
}

/** The entries of a stored body. A damaged one comes back as an entry saying so, whose hash can not fit. */
export function entriesOf(text: string): readonly StoredEntry[] {
  try {
    const value: Json = JSON.parse(text);
    if (isEntries(value)) return value;
  } catch {
    // Not JSON at all: told below, as for JSON of a wrong shape.
  }
  return [{ kind: "journal.unreadable" }];
}

function isEntries(value: Json): value is readonly StoredEntry[] {
  return (
    Array.isArray(value) && value.every((entry: Json) => typeof entry === "object" && entry !== null && "kind" in entry)
  );
}

function canonicalJson(entries: readonly StoredEntry[]): string {
  try {
    return canonicalize(entries) ?? "[]";
  } catch {
    return canonicalize(wellFormed(jsonOf(entries))) ?? "[]";
  }
}
