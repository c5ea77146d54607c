import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { refusedCode, runScript, ScriptEnd, say } from "../programs/script.ts";

const usage = "usage: feature-versions.sh clean --keep N [--dry-run]";

await runScript(async (home, [verb = "", ...words]) => {
  const { values } = parseArgs({
    args: [...words],
    options: { keep: { type: "string" }, "dry-run": { type: "boolean" } },
  });
  const kept = Number(values.keep);
  if (verb !== "clean" || !Number.isInteger(kept) || kept < 1) throw new ScriptEnd(usage, refusedCode);
  const folder = join(home, "features", "artifacts");
  const surplus = readdirSync(folder).toSorted().slice(0, -kept);
  if (values["dry-run"]) return void process.stdout.write(`${JSON.stringify({ versions: surplus })}\n`);
  for (const version of surplus) {
    rmSync(join(folder, version), { recursive: true });
    await say(`Removed ${version}`, 20);
  }
  await say(`${surplus.length} removed, ${kept} kept`, 0);
});
