import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { keep, keptIn, refusedCode, runScript, ScriptEnd, say } from "../programs/script.ts";

const dayMs = 86_400_000;
const kinds = ["full", "data", "config"] as const;

const Backup = z.object({ name: z.string(), kind: z.enum(kinds), made: z.string() });
type Backup = z.output<typeof Backup>;
const Kept = z.object({ taken: z.array(Backup).default([]), restored: z.string().nullable().default(null) });
/** Since when the schedule takes none, in ms; kept by whoever lets that happen. */
const Missing = z.object({ since: z.number().default(Number.POSITIVE_INFINITY) });

const usage = `usage: backup_system.py create [--type full|data|config]
       backup_system.py list
       backup_system.py restore --backup-name NAME [--components config] [--dry-run]`;

await runScript(async (folder, [verb = "", ...words]) => {
  const { values } = parseArgs({
    args: [...words],
    options: {
      type: { type: "string" },
      "backup-name": { type: "string" },
      components: { type: "string" },
      "dry-run": { type: "boolean" },
    },
  });
  const path = join(folder, "backups.json");
  if (verb === "list") return list(path);
  if (verb === "create") return create(path, values.type ?? "full");
  if (verb === "restore")
    return restore(path, { name: values["backup-name"] ?? "", only: values.components, isDry: values["dry-run"] });
  throw new ScriptEnd(usage, refusedCode);
});

/** Those that were taken, and those of the schedule: the data each day at 02:00 UTC, all of it each Sunday. */
function backupsIn(path: string, now: number): readonly Backup[] {
  const today = Math.floor(now / dayMs) * dayMs + 2 * 3_600_000;
  const newest = today > now ? today - dayMs : today;
  const sunday = newest - new Date(newest).getUTCDay() * dayMs;
  const { since } = keptIn(missedRuns(path), Missing);
  const scheduled = [
    ...Array.from({ length: 7 }, (_, back) => madeAt(newest - back * dayMs, "data")),
    ...Array.from({ length: 4 }, (_, back) => madeAt(sunday - back * 7 * dayMs, "full")),
  ];
  return [...keptIn(path, Kept).taken.toReversed(), ...scheduled.filter(({ made }) => Date.parse(made) < since)];
}

function missedRuns(path: string): string {
  return join(dirname(path), "missed-runs.json");
}

function madeAt(at: number, kind: "data" | "full"): Backup {
  const made = new Date(at).toISOString().replace(".000", "");
  return { name: `${kind === "data" ? "daily" : "weekly"}-${made.slice(0, 10)}`, kind, made };
}

function list(path: string): void {
  for (const { name, kind, made } of [{ name: "NAME", kind: "TYPE", made: "CREATED" }, ...backupsIn(path, Date.now())])
    process.stdout.write(`${name.padEnd(28)}${kind.padEnd(8)}${made}\n`);
}

async function create(path: string, type: string): Promise<void> {
  const kind = kinds.find((each) => each === type);
  if (!kind) throw new ScriptEnd(usage, refusedCode);
  const made = new Date().toISOString().replace(/\.\d+/, "");
  const name = `${kind}-${made.replaceAll(/[-:]/g, "").replace("T", "-").replace("Z", "")}`;
  await say(`Creating ${kind} backup ${name}`);
  const kept = keptIn(path, Kept);
  keep(path, { ...kept, taken: [...kept.taken, { name, kind, made }] });
  await say(`Backup ${name} created`, 0);
}

interface Wanted {
  readonly name: string;
  readonly only: string | undefined;
  readonly isDry: boolean | undefined;
}

async function restore(path: string, { name, only, isDry }: Wanted): Promise<void> {
  const found = backupsIn(path, Date.now()).find((each) => each.name === name);
  if (!found) throw new ScriptEnd(`there is no backup ${name}: nothing was restored`, refusedCode);
  if (only !== undefined && only !== "config") throw new ScriptEnd(usage, refusedCode);
  if (only === "config" && found.kind === "data")
    throw new ScriptEnd(`${name} holds data and no configuration: nothing was restored`, refusedCode);
  await say(`Checking ${name} (${found.kind}, ${found.made})`);
  await say("Checksums are right");
  if (isDry) return say(`Dry run: ${name} can be restored; nothing was changed`, 0);
  await say(`Restoring ${only ?? "everything in it"}`);
  keep(path, { ...keptIn(path, Kept), restored: name });
  await say(`Restored ${only ?? "the system"} from ${name}`, 0);
}
