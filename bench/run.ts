/** `npm run bench`: every part in turn, each in a process of its own; `npm run bench -- start store` runs those two. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** The quick ones first. Each prints its own lines and leaves nothing behind. */
const parts = ["status", "chart", "fleet", "start", "store", "chat", "pod-logs", "logs", "alerts", "chaos"];

const asked = process.argv.slice(2);
const unknown = asked.filter((part) => !parts.includes(part));
if (unknown.length > 0) {
  console.log(`There is no bench ${unknown.join(", ")}. There are ${parts.join(", ")}.`);
  process.exitCode = 1;
} else {
  const failed = parts.filter((part) => (asked.length === 0 || asked.includes(part)) && !runs(part));
  if (failed.length > 0) console.log(`\n${failed.join(", ")}: ended without a result`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

/** A process of its own, so that one part's memory and threads do not weigh on the next one's figures. */
function runs(part: string): boolean {
  return spawnSync(process.execPath, [join(import.meta.dirname, `${part}.ts`)], { stdio: "inherit" }).status === 0;
}
