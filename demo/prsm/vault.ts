import { join } from "node:path";
import { z } from "zod";
import { keep, keptIn } from "../programs/script.ts";

const Kind = z.enum(["full", "database"]);
const Backup = z.object({ id: z.string(), kind: Kind, made: z.number() });
export type Backup = z.output<typeof Backup>;
export type BackupKind = z.output<typeof Kind>;

const Vault = z.object({
  /** Those that somebody took; the scheduled ones follow from the clock. */
  taken: z.array(Backup).default([]),
  restored: z.string().nullable().default(null),
  /** The release that runs in staging. */
  staging: z.string().default("v1.4.2"),
});
export type Vault = z.output<typeof Vault>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

function pathIn(folder: string): string {
  return join(folder, "vault.json");
}

/** What PRSM's scripts keep. */
export function readVault(folder: string): Vault {
  return keptIn(pathIn(folder), Vault);
}

export function changeVault(folder: string, change: Partial<Vault>): void {
  keep(pathIn(folder), { ...readVault(folder), ...change });
}

/** The backups there are, newest first. The database is saved each hour: once a day breaks the manual's own limit of an hour. */
export function backupsAt(now: number, { taken }: Vault): readonly Backup[] {
  const hour = Math.floor(now / hourMs) * hourMs;
  const night = Math.floor((now - 2 * hourMs) / dayMs) * dayMs + 2 * hourMs;
  const sunday = night - new Date(night).getUTCDay() * dayMs - hourMs;
  const all = [
    ...taken,
    ...Array.from({ length: 6 }, (_, back) => madeOf("database", hour - back * hourMs)),
    ...Array.from({ length: 7 }, (_, back) => madeOf("database", night - back * dayMs)),
    ...Array.from({ length: 4 }, (_, back) => madeOf("full", sunday - back * 7 * dayMs)),
  ];
  const once = all.filter(({ id }, at) => all.findIndex((each) => each.id === id) === at);
  return once.toSorted((a, b) => b.made - a.made);
}

function madeOf(kind: BackupKind, at: number): Backup {
  return { id: backupId(at), kind, made: at };
}

/** As the manual writes them: `backup_production_20250611_020000`, in UTC. */
export function backupId(at: number): string {
  const [day = "", time = ""] = new Date(at)
    .toISOString()
    .replaceAll(/[-:]|\.\d+Z/g, "")
    .split("T");
  return `backup_production_${day}_${time}`;
}

/** When it was made, as it stands in the list. */
export function madeAt({ made }: Backup): string {
  return new Date(made).toISOString().replace(/\.\d+Z/, "Z");
}

/** A size that is the same whenever it is asked. */
export function sizeOf({ kind, made }: Backup): string {
  const share = (made / 1_000) % 97;
  return kind === "full" ? `${(61 + share / 10).toFixed(1)}G` : `${Math.round(4_100 + share * 3)}M`;
}
