import { z } from "zod";
import { type CommandContext, defineCommand } from "../domain/commands/command.ts";
import { decide } from "../domain/people/policy.ts";
import type { JournalEntry, Json } from "../domain/store.ts";
import { clock } from "../domain/text/quantities.ts";
import { momentField, momentOf } from "./fields.ts";

const pageLinks = 200;
/** At most so many links are walked back for one answer. */
const mostLinks = 5_000;

export const audit = defineCommand({
  name: "audit",
  summary: "Who did what: the journal, newest first",
  permission: "audit",
  examples: ["audit", "audit ana since:7d", "audit system:alphapulse limit:50"],
  input: z.object({
    person: z
      .string()
      .max(40)
      .optional()
      .meta({ label: "Person", help: "Only what this person did", positional: true, suggest: "people" }),
    system: z
      .string()
      .max(40)
      .optional()
      .meta({ label: "System", help: "Only what concerns this system", positional: true, suggest: "systems" }),
    since: momentField("Since", "How long ago (1h, 7d) or when (2026-11-21)").default("1d"),
    limit: z.int().min(1).max(100).default(25).meta({ label: "Limit", help: "At most so many entries" }),
  }),
  async run(input, context) {
    const from = momentOf("since", input.since, context.invocation.now);
    const found = await walk(context, {
      from,
      limit: input.limit,
      ...(input.person !== undefined && { person: personNamed(context, input.person) }),
      ...(input.system !== undefined && { system: context.systems.find(input.system)?.id ?? input.system }),
    });
    const now = context.invocation.now;
    const rows = found.entries.map(({ seq, at, entry }) => [
      `${seq}`,
      clock(at, now),
      text(entry["person"]),
      whatOf(entry),
      text(entry["outcome"] ?? entry["state"]),
      text(entry["place"] ?? entry["account"]),
    ]);
    const columns = [
      { title: "Link" },
      { title: "When" },
      { title: "Who" },
      { title: "What" },
      { title: "Came to" },
      { title: "Where" },
    ];
    return {
      private: true,
      card: {
        tone: "neutral",
        title: rows.length === 0 ? "Nothing on record there" : `${rows.length} entries, newest first`,
        blocks: rows.length === 0 ? [] : [{ kind: "table", columns, rows }],
        footer: `${found.all ? "" : "There is more: narrow it or raise limit. "}The chain is verified with: wardroom audit verify`,
      },
    };
  },
});

interface Wanted {
  readonly from: number;
  readonly limit: number;
  readonly person?: string;
  readonly system?: string;
}

interface Entry {
  readonly seq: number;
  readonly at: number;
  readonly entry: JournalEntry;
}

/** Reads pages of the chain from its end backwards until there is enough, or what is older is not wanted. */
async function walk(context: CommandContext, wanted: Wanted): Promise<{ entries: Entry[]; all: boolean }> {
  const entries: Entry[] = [];
  const { seq: end } = await context.store.head();
  const oldest = Math.max(0, end - mostLinks);
  for (let last = end; last > oldest; last -= pageLinks) {
    const first = Math.max(oldest, last - pageLinks) + 1;
    const links = await context.store.journal({ fromSeq: first, limit: last - first + 1 });
    for (const link of links.toReversed()) {
      if (link.at < wanted.from) return { entries, all: true };
      for (const entry of link.entries.toReversed()) {
        if (!fits(entry, wanted, context)) continue;
        if (entries.length === wanted.limit) return { entries, all: false };
        entries.push({ seq: link.seq, at: link.at, entry });
      }
    }
  }
  return { entries, all: oldest === 0 };
}

/** A person's id from the id or the name, whatever its case. Who has left since is still found by the id. */
function personNamed(context: CommandContext, named: string): string {
  const wanted = named.toLowerCase();
  return context.policy().people.find((each) => each.id === wanted || each.name.toLowerCase() === wanted)?.id ?? wanted;
}

/** What concerns a system is shown to those who may audit that system here. */
function fits(entry: JournalEntry, wanted: Wanted, context: CommandContext): boolean {
  const named = systemOf(entry);
  const system = named === undefined ? undefined : (context.systems.find(named)?.id ?? named);
  if (wanted.person !== undefined && entry["person"] !== wanted.person) return false;
  if (wanted.system !== undefined && system !== wanted.system) return false;
  const { person, place } = context.invocation;
  return decide({ person, place, permission: "audit", ...(system !== undefined && { system }) }, context.policy())
    .allowed;
}

function systemOf(entry: JournalEntry): string | undefined {
  const own = entry["system"];
  if (typeof own === "string") return own;
  const given = entry["arguments"];
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  const named = Object.entries(given).find(([name]) => name === "system")?.[1];
  return typeof named === "string" ? named : undefined;
}

function whatOf(entry: JournalEntry): string {
  if (entry.kind === "invocation") return `${text(entry["command"])} ${argumentsOf(entry["arguments"])}`.trim();
  const subject = [entry["operation"], entry["system"], entry["code"]]
    .map(text)
    .filter((part) => part !== "")
    .join(" ");
  return `${entry.kind}${subject === "" ? "" : `: ${subject}`}`;
}

function argumentsOf(given: Json | undefined): string {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return "";
  return Object.entries(given)
    .map(([name, value]) => `${name}:${text(value)}`)
    .join(" ")
    .slice(0, 200);
}

function text(value: Json | undefined): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
