import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const LongPort = z.object({ target: z.int(), published: z.union([z.string(), z.int()]).optional() });
const LooseService = z.looseObject({
  image: z.string().optional(),
  container_name: z.string().optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
  labels: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.union([z.string(), z.int(), LongPort.loose()])).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.array(z.string()).default([]),
  healthcheck: z.looseObject({}).optional(),
  deploy: z.looseObject({ replicas: z.int().optional() }).optional(),
});
const File = z.looseObject({
  services: z.record(z.string(), z.looseObject({})).default({}),
  volumes: z.record(z.string(), z.looseObject({ name: z.string().optional() }).nullable()).default({}),
});

/** One service as the files together say it. */
export interface ProjectService {
  readonly name: string;
  readonly image: string;
  readonly replicas: number;
  readonly containerName: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly Port[];
  readonly dependsOn: readonly string[];
  /** The volumes of the project that it uses, by their exact names. */
  readonly volumes: readonly string[];
  readonly isChecked: boolean;
  /** Another one where anything of it changed. */
  readonly hash: string;
}

export interface Port {
  readonly host: string | undefined;
  readonly published: string | undefined;
  readonly target: number;
}

export interface Project {
  readonly name: string;
  readonly files: readonly string[];
  readonly services: ReadonlyMap<string, ProjectService>;
  /** Keys in the files, with their exact names. */
  readonly volumes: Readonly<Record<string, string>>;
}

/** Ends the program as the real one ends: with its words and its code. */
export class Ended extends Error {
  override name = "Ended";
  readonly code: number;
  constructor(said: string, code = 1) {
    super(said);
    this.code = code;
  }
}

export interface ProjectOptions {
  readonly project: string;
  readonly files: readonly string[];
  readonly envFiles: readonly string[];
}

/** Reads the files one over the other, with the variables of the env files in place. */
export function readProject({ project, files, envFiles }: ProjectOptions): Project {
  const variables = new Map(envFiles.flatMap(variablesIn));
  const paths = files.map((file) => (isAbsolute(file) ? file : join(process.cwd(), file)));
  const merged = File.parse(paths.map((path) => fileAt(path, variables)).reduce(over, {}));
  const volumes = Object.fromEntries(
    Object.entries(merged.volumes).map(([key, volume]) => [key, volume?.name ?? `${project}_${key}`]),
  );
  const services = Object.entries(merged.services).map(([name, raw]) => serviceOf(name, raw, volumes));
  return { name: project, files: paths, services: new Map(services.map((each) => [each.name, each])), volumes };
}

function serviceOf(name: string, raw: unknown, volumes: Project["volumes"]): ProjectService {
  const said = LooseService.parse(raw);
  return {
    name,
    image: said.image ?? `${name}:latest`,
    replicas: said.deploy?.replicas ?? 1,
    containerName: said.container_name,
    environment: Object.fromEntries(Object.entries(said.environment).map(([key, value]) => [key, String(value ?? "")])),
    labels: said.labels,
    ports: said.ports.map(portOf),
    dependsOn: said.depends_on,
    volumes: said.volumes.flatMap((each) => volumes[each.split(":")[0] ?? ""] ?? []),
    isChecked: said.healthcheck !== undefined,
    hash: createHash("sha256").update(JSON.stringify(said)).digest("hex"),
  };
}

/** `80`, `8080:80`, `127.0.0.1:8090-8093:80`. */
function portOf(port: z.output<typeof LooseService>["ports"][number]): Port {
  if (typeof port === "object")
    return {
      host: undefined,
      target: port.target,
      published: port.published === undefined ? undefined : String(port.published),
    };
  const parts = String(port)
    .replace(/\/\w+$/, "")
    .split(":");
  const published = parts.length > 1 ? parts.at(-2) : undefined;
  return {
    host: parts.length > 2 ? parts.slice(0, -2).join(":") : undefined,
    published: published === "" ? undefined : published,
    target: Number(parts.at(-1)),
  };
}

function variablesIn(path: string): [string, string][] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new Ended(`Couldn't find env file: ${isAbsolute(path) ? path : join(process.cwd(), path)}`);
  }
  return [...text.matchAll(/^([A-Za-z_]\w*)=(.*)$/gm)].map(([, key = "", value = ""]) => [
    key,
    value.replaceAll(/^["']|["']$/g, ""),
  ]);
}

function fileAt(path: string, variables: ReadonlyMap<string, string>): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new Ended(`open ${path}: no such file or directory`, 14);
  }
  try {
    return filled(parse(text), variables);
  } catch (error) {
    throw new Ended(`yaml: ${error instanceof Error ? error.message.split("\n")[0] : "it cannot be read"}`, 15);
  }
}

/** `${NAME}`, `${NAME:-otherwise}`, and `$$` for a plain sign. */
function filled(value: unknown, variables: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string")
    return value.replaceAll(/\$(?:\$|\{(\w+)(?::?-([^}]*))?\})/g, (whole, name?: string, otherwise = "") =>
      whole === "$$" ? "$" : (variables.get(name ?? "") ?? String(otherwise)),
    );
  if (Array.isArray(value)) return value.map((each) => filled(each, variables));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, variables)]));
}

/** A later file over an earlier one: maps are merged, lists are joined, and what else stands there is replaced. */
function over(before: unknown, after: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(after)) return [...before, ...after];
  if (!isMap(before) || !isMap(after)) return after;
  return {
    ...before,
    ...Object.fromEntries(
      Object.entries(after).map(([key, value]) => [key, key in before ? over(before[key], value) : value]),
    ),
  };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
