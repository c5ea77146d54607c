import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Ended, isMap, type Project, type ProjectService } from "./project.ts";

export interface KeptContainer {
  readonly id: string;
  readonly project: string;
  readonly service: string;
  readonly number: number;
  readonly name: string;
  readonly image: string;
  readonly imageId: string;
  readonly hash: string;
  state: "created" | "running" | "exited";
  exitCode: number;
  /** Empty where nothing checks it. */
  health: string;
  readonly createdAt: number;
  startedAt: number;
  endedAt: number;
  readonly oneOff: boolean;
  readonly files: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly ports: readonly string[];
  /** What it prints when it starts. */
  readonly says: string;
}

export interface EngineState {
  readonly containers: KeptContainer[];
  volumes: { readonly name: string; readonly project: string; holds: string }[];
  /** What is there, as its files name it. */
  readonly images: string[];
}

/** Nothing but this program writes it: that it is whole is enough. */
function isState(kept: unknown): kept is EngineState {
  return isMap(kept) && ["containers", "volumes", "images"].every((key) => Array.isArray(kept[key]));
}

/** What an engine keeps in its folder, for what only asks: nobody waits for it. A folder that is not there is an engine that does not run. */
export function askedEngine(folder: string): EngineState {
  if (!existsSync(folder))
    throw new Ended(`Cannot connect to the Docker daemon at unix://${folder}. Is the docker daemon running?`);
  return readEngine(folder);
}

/** Does something to what an engine keeps in its folder; others that do wait until it is done. */
export function withEngine<Result>(folder: string, work: (state: EngineState) => Result): Result {
  askedEngine(folder);
  const lock = join(folder, "lock");
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      breakStale(lock);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  try {
    const path = join(folder, "state.json");
    const state = readEngine(folder);
    try {
      return work(state);
    } finally {
      writeFileSync(`${path}.new`, JSON.stringify(state, undefined, 1));
      renameSync(`${path}.new`, path);
    }
  } finally {
    rmdirSync(lock);
  }
}

/** It is held for milliseconds; one that was killed while it held it holds it for ever. */
const staleAfterMs = 5_000;

function breakStale(lock: string): void {
  const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  if (since !== undefined && Date.now() - since > staleAfterMs) rmSync(lock, { recursive: true, force: true });
}

/** What an engine keeps, as it last wrote it. */
export function readEngine(folder: string): EngineState {
  const path = join(folder, "state.json");
  if (!existsSync(path)) return { containers: [], volumes: [], images: [] };
  const kept: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!isState(kept)) throw new Error(`${path} is not what an engine keeps`);
  return kept;
}

function registryFile(folder: string): string {
  return join(folder, "registry-fault");
}

/** What its registry answers to every pull from now on; undefined lets it answer as it should. */
export function setRegistryFault(folder: string, fault: string | undefined): void {
  if (fault === undefined) rmSync(registryFile(folder), { force: true });
  else writeFileSync(registryFile(folder), fault);
}

export function registryFault(folder: string): string | undefined {
  return existsSync(registryFile(folder)) ? readFileSync(registryFile(folder), "utf8") : undefined;
}

function faultFile(folder: string): string {
  return join(folder, "engine-fault");
}

/** What it says to every change of a project from now on, before it begins any; undefined lets it work again. */
export function setEngineFault(folder: string, fault: string | undefined): void {
  if (fault === undefined) rmSync(faultFile(folder), { force: true });
  else writeFileSync(faultFile(folder), fault);
}

export function engineFault(folder: string): string | undefined {
  return existsSync(faultFile(folder)) ? readFileSync(faultFile(folder), "utf8") : undefined;
}

/** Tells of progress, as the real program does. */
export function tell(what: string, name: string, did: string): void {
  process.stderr.write(` ${what} ${name}  ${did}\n`);
}

export function makeContainer(project: Project, service: ProjectService, number: number): KeptContainer {
  const name = service.containerName ?? `${project.name}-${service.name}-${number}`;
  const now = Date.now();
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(service.image)?.[1];
  return {
    id: createHash("sha256").update(`${name} ${now} ${Math.random()}`).digest("hex"),
    project: project.name,
    service: service.name,
    number,
    name,
    image: service.image,
    imageId: digest ?? `sha256:${createHash("sha256").update(service.image).digest("hex")}`,
    hash: service.hash,
    state: "created",
    exitCode: 0,
    health: "",
    createdAt: now,
    startedAt: 0,
    endedAt: 0,
    oneOff: false,
    files: [...project.files],
    labels: { ...service.labels },
    volumes: [...service.volumes],
    ports: service.ports.flatMap(({ host = "0.0.0.0", published }) => (published ? [`${host}:${published}`] : [])),
    says: service.environment["SAYS"] ?? "",
  };
}

/** Starts it, unless another one holds a port of it. */
export function startContainer(folder: string, state: EngineState, container: KeptContainer, isChecked: boolean): void {
  tell("Container", container.name, "Starting");
  const held = state.containers
    .filter((each) => each !== container && each.state === "running")
    .flatMap(({ ports }) => ports);
  const taken = container.ports.find((port) => !port.includes("-") && held.includes(port));
  if (taken !== undefined)
    throw new Ended(
      `Error response from daemon: driver failed programming external connectivity on endpoint ${container.name} (${container.id}): Bind for ${taken} failed: port is already allocated`,
    );
  container.state = "running";
  container.exitCode = 0;
  container.health = isChecked ? "healthy" : "";
  container.startedAt = Date.now();
  if (container.says !== "") writeLog(folder, container, container.says);
  tell("Container", container.name, "Started");
}

export function stopContainer(container: KeptContainer, exitCode = 0): void {
  container.state = "exited";
  container.exitCode = exitCode;
  container.health = "";
  container.endedAt = Date.now();
}

/** Where a container's output is kept. */
export function logOf(folder: string, { name }: Pick<KeptContainer, "name">): string {
  mkdirSync(join(folder, "logs"), { recursive: true });
  return join(folder, "logs", `${name}.log`);
}

/** Each line with its time, in nanoseconds as docker writes it. */
function writeLog(folder: string, container: KeptContainer, text: string): void {
  const at = new Date().toISOString().replace("Z", "000000Z");
  appendFileSync(
    logOf(folder, container),
    text
      .split("\n")
      .map((line) => `${at} ${line}\n`)
      .join(""),
  );
}
