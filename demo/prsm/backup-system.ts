import { parseArgs } from "node:util";
import { refusedCode, runScript, ScriptEnd, say } from "../programs/script.ts";
import { type BackupKind, backupId, backupsAt, changeVault, madeAt, readVault, sizeOf } from "./vault.ts";

const usage = `usage: backup-system.sh backup --environment production [--type full] [--database-only] [--storage s3://…]
       backup-system.sh list
       backup-system.sh restore --environment production --backup-id ID`;

await runScript(async (folder, [verb = "", ...words]) => {
  const { values } = parseArgs({
    args: [...words],
    options: {
      environment: { type: "string" },
      type: { type: "string" },
      storage: { type: "string" },
      "database-only": { type: "boolean" },
      "backup-id": { type: "string" },
    },
  });
  if (verb === "list") return list(folder);
  if (values.environment !== "production") throw new ScriptEnd(`only production has backups\n${usage}`, refusedCode);
  if (verb === "backup") return backup(folder, values["database-only"] ? "database" : "full", values.storage);
  if (verb === "restore") return restore(folder, values["backup-id"] ?? "");
  throw new ScriptEnd(usage, refusedCode);
});

function list(folder: string): void {
  const rows = backupsAt(Date.now(), readVault(folder)).map((each) => [each.id, each.kind, sizeOf(each), madeAt(each)]);
  for (const [id = "", kind = "", size = "", made = ""] of [["BACKUP_ID", "TYPE", "SIZE", "CREATED"], ...rows])
    process.stdout.write(`${id.padEnd(36)}${kind.padEnd(10)}${size.padEnd(8)}${made}\n`);
}

async function backup(folder: string, kind: BackupKind, storage = "s3://prsm-backups/production"): Promise<void> {
  const made = Math.floor(Date.now() / 1_000) * 1_000;
  const id = backupId(made);
  await say(`[INFO] Creating ${kind} backup ${id}`);
  await say("[INFO] Dumping the database prsm_production");
  if (kind === "full") {
    await say("[INFO] Saving the snapshot of Redis");
    await say("[INFO] Saving the pins of IPFS");
    await say("[INFO] Exporting manifests and configuration");
  }
  await say(`[INFO] Uploading to ${storage}/${id}`);
  const { taken } = readVault(folder);
  changeVault(folder, { taken: [...taken, { id, kind, made }] });
  await say(`[SUCCESS] ${id} is complete`, 0);
}

async function restore(folder: string, id: string): Promise<void> {
  const found = backupsAt(Date.now(), readVault(folder)).find((each) => each.id === id);
  if (!found) throw new ScriptEnd(`there is no backup ${id}: nothing was restored`, refusedCode);
  await say(`[INFO] Downloading ${id} (${sizeOf(found)})`);
  await say("[INFO] Checking its checksums");
  await say("[INFO] Restoring the database prsm_production");
  if (found.kind === "full") await say("[INFO] Restoring Redis, the pins of IPFS and the configuration");
  changeVault(folder, { restored: id });
  await say(`[SUCCESS] production is as it was at ${madeAt(found)}`, 0);
}
