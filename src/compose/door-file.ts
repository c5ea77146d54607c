import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const DoorFile = z.object({ port: z.int(), token: z.string(), pid: z.int() });
export type DoorFile = z.output<typeof DoorFile>;

/** Tells terminals of this user how to reach the running demo. Readable by this user only. */
export function writeDoorFile(stateFolder: string, door: DoorFile): void {
  const path = join(stateFolder, "door.json");
  writeFileSync(path, JSON.stringify(door), { mode: 0o600 });
  chmodSync(path, 0o600);
}

/** Undefined when no demo has said where it is. */
export function readDoorFile(stateFolder: string): DoorFile | undefined {
  try {
    const parsed = DoorFile.safeParse(JSON.parse(readFileSync(join(stateFolder, "door.json"), "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Only the process that wrote it takes it away. */
export function removeDoorFile(stateFolder: string): void {
  if (readDoorFile(stateFolder)?.pid === process.pid) rmSync(join(stateFolder, "door.json"), { force: true });
}
