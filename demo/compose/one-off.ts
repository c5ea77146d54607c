import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { type EngineState, withEngine } from "./engine.ts";
import { Ended, type Project } from "./project.ts";

/** What a data volume holds says of when it is; anything else is damaged. */
const wholeData = "data of ";
const dataOf = (at: number): string => `${wholeData}${new Date(at).toISOString()}`;

/** An archive of data as it was then, as `tar` makes one of a volume here. */
export function dataArchive(at: number): Buffer {
  return gzipSync(dataOf(at));
}

/** `docker run --rm -v …`: a container that does one thing and is gone. It knows `tar` on a volume, and the check of its data. */
export function runOnce(folder: string, words: readonly string[]): string {
  const mounts = new Map<string, string>();
  let at = 0;
  for (; words[at]?.startsWith("-"); at += 1) {
    if (words[at] !== "-v") continue;
    at += 1;
    const [from = "", to = ""] = (words[at] ?? "").split(":");
    mounts.set(to, from);
  }
  const [, program = "", ...rest] = words.slice(at);
  return withEngine(folder, (state) => {
    const volume = volumeNamed(state, mounts.get("/data") ?? "");
    if (program === "tar") return runTar(volume, { backup: mounts.get("/backup") ?? "", words: rest });
    return checkData(volume, program);
  });
}

/** `docker compose exec -T SERVICE …` in a container that runs. */
export function runInside(folder: string, project: Project, words: readonly string[]): string {
  const [service = "", program = ""] = words.filter((word) => !word.startsWith("-"));
  return withEngine(folder, (state) => {
    const found = state.containers.find(
      (each) => each.project === project.name && each.service === service && each.state === "running",
    );
    if (!found) throw new Ended(`service "${service}" is not running`);
    return checkData(volumeNamed(state, found.volumes[0] ?? ""), program);
  });
}

/** `docker volume create --label … NAME` */
export function createVolume(state: EngineState, words: readonly string[]): string {
  const project = /^com\.docker\.compose\.project=(.*)$/m.exec(words.join("\n"))?.[1] ?? "";
  const name = words.at(-1) ?? "";
  if (!state.volumes.some((each) => each.name === name)) state.volumes.push({ name, project, holds: "" });
  return `${name}\n`;
}

type Volume = EngineState["volumes"][number];

/** As the engine does it, one that is not there is made. */
function volumeNamed(state: EngineState, name: string): Volume {
  const found = state.volumes.find((each) => each.name === name);
  if (found) return found;
  const made = { name, project: "", holds: "" };
  state.volumes.push(made);
  return made;
}

function runTar(
  volume: Volume,
  { backup, words }: { readonly backup: string; readonly words: readonly string[] },
): string {
  const [how = "", archive = ""] = words;
  const path = join(backup, archive.replace(/^\/backup\//, ""));
  if (how === "czf") {
    writeFileSync(path, dataArchive(Date.now()), { mode: 0o600 });
    return "";
  }
  if (how !== "xzf") throw new Ended("this stand-in of tar knows xzf and czf");
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new Ended(`tar: can't open '${archive}': No such file or directory`);
  }
  try {
    volume.holds = gunzipSync(bytes).toString("utf8");
  } catch {
    throw new Ended("tar: invalid magic\ntar: short read");
  }
  return "";
}

function checkData({ holds }: Volume, program: string): string {
  if (program !== "/app/verify-data-integrity.sh")
    throw new Ended(`exec: "${program}": stat ${program}: no such file or directory: unknown`, 127);
  if (holds !== "" && !holds.startsWith(wholeData)) throw new Ended("checksums differ: the data is damaged");
  return `every checksum is right${holds === "" ? "" : `: ${holds}`}\n`;
}
