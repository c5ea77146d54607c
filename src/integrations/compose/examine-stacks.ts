import { access, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { FileFault } from "../../domain/systems/backend.ts";
import { hasKey } from "../../domain/systems/connections.ts";
import { argumentsIn } from "../../domain/systems/placeholders.ts";
import { nearest } from "../../domain/text/distance.ts";
import { wholeItems } from "../../domain/text/quantities.ts";

const Project = z.looseObject({
  project: z.string(),
  cwd: z.string().startsWith("/"),
  files: z.array(z.string()).min(1),
  envFile: z.string().optional(),
});
type Project = z.output<typeof Project>;
const Declared = z.looseObject({ backends: z.record(z.string(), z.unknown()).default({}) });
const Composed = z.looseObject({ compose: Project });
const Named = z.looseObject({ backend: z.string() });
/** What an `include` brings stands in other files, which Docker finds by rules of its own. */
const Written = z.looseObject({
  services: z.record(z.string(), z.unknown()).nullish(),
  include: z.undefined().optional(),
});

/** Keys of what is asked of a stack that name services. */
const naming = ["service", "services", "restart", "stop", "up", "recreate", "remove", "pull", "oneRelease", "starts"];
/** Characters that the names of what there is may take. */
const longestNames = 200;

type Place = readonly (string | number)[];

/**
 * What is wrong with the projects that a system names: their files are there, and have the services that are asked of them. Reads
 * files only and asks no engine. Services are looked for where all files can be read and none includes others.
 */
export async function examineStacks(system: unknown): Promise<FileFault[]> {
  const backends = Declared.safeParse(system).data?.backends ?? {};
  const projects = Object.entries(backends).flatMap(([name, declared]): [string, Project][] => {
    const read = Composed.safeParse(declared).data;
    return read ? [[name, read.compose]] : [];
  });
  const missing = projects.map(([name, project]) => missingFiles(project, ["backends", name, "compose"]));
  const read = projects.map(async ([name, project]) => [name, await servicesOf(project)] as const);
  const services = new Map(await Promise.all(read));
  return [...(await Promise.all(missing)).flat(), ...unknownServices(system, services, [])];
}

async function missingFiles({ cwd, files, envFile }: Project, place: Place): Promise<FileFault[]> {
  const named: [string, Place][] = files.map((file, index) => [file, [...place, "files", index]]);
  if (envFile !== undefined) named.push([envFile, [...place, "envFile"]]);
  const looks = named.map(async ([file, at]): Promise<FileFault[]> => {
    const path = resolve(cwd, file);
    const fault = { place: at, message: `the file ${path} is not there`, remedy: "Make it, or correct the path." };
    return access(path).then(
      () => [],
      () => [fault],
    );
  });
  return (await Promise.all(looks)).flat();
}

interface Services {
  readonly project: Project;
  /** Undefined where it is not known which there are. */
  readonly names: readonly string[] | undefined;
}

async function servicesOf(project: Project): Promise<Services> {
  try {
    const texts = await Promise.all(project.files.map((file) => readFile(resolve(project.cwd, file), "utf8")));
    const files = texts.map((text) => Written.parse(parse(text, { logLevel: "error" })));
    return { project, names: [...new Set(files.flatMap(({ services }) => Object.keys(services ?? {})))] };
  } catch {
    // What is not there is told by its path, and what Docker does not take is told by Docker.
    return { project, names: undefined };
  }
}

function unknownServices(value: unknown, services: ReadonlyMap<string, Services>, place: Place): FileFault[] {
  if (services.size === 0 || typeof value !== "object" || value === null) return [];
  const asked = stackAsked(value, services);
  return Object.entries(value).flatMap(([key, each]: [string, unknown]) => {
    const at = [...place, Array.isArray(value) ? Number(key) : key];
    const faults = asked?.names && naming.includes(key) ? faultsOf(each, asked, at) : [];
    return [...faults, ...unknownServices(each, services, at)];
  });
}

/** The stack of which something is asked: by the name of its backend, or as that stands there once names were resolved. */
function stackAsked(value: object, services: ReadonlyMap<string, Services>): Services | undefined {
  const named = hasKey(value, "backend") ? services.get(Named.safeParse(value).data?.backend ?? "") : undefined;
  const own = hasKey(value, "project") ? Project.safeParse(value).data : undefined;
  return named ?? [...services.values()].find(({ project }) => own !== undefined && isSame(project, own));
}

function isSame(one: Project, other: Project): boolean {
  return one.project === other.project && one.cwd === other.cwd && one.files.join("\n") === other.files.join("\n");
}

function faultsOf(value: unknown, { project, names = [] }: Services, place: Place): FileFault[] {
  const given: unknown[] = Array.isArray(value) ? value : [value];
  return given.flatMap((name, index): FileFault[] => {
    if (typeof name !== "string" || argumentsIn(name).length > 0 || names.includes(name)) return [];
    const close = nearest(name, names);
    const [only] = project.files.length === 1 ? project.files : [];
    return [
      {
        place: Array.isArray(value) ? [...place, index] : place,
        message: `${only === undefined ? "no file of its project" : join(project.cwd, only)} has ${only === undefined ? "a" : "no"} service \`${name}\``,
        remedy: close === undefined ? `There are ${wholeItems(names, longestNames)}.` : `Did you mean \`${close}\`?`,
      },
    ];
  });
}
