import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { parsedFile } from "./parsed-file.ts";

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
  /** Where the engine keeps what it has read once. */
  readonly engine: string;
}

/** Reads the files one over the other, with the variables of the env files in place. */
export function readProject({ project, files, envFiles, engine }: ProjectOptions): Project {
  const variables = new Map(envFiles.flatMap(variablesIn));
  const paths = files.map((file) => (isAbsolute(file) ? file : join(process.cwd(), file)));
  const merged = paths.map((path) => filled(fileAt(path, engine), variables)).reduce(over, {});
  const volumes = Object.fromEntries(
    Object.entries(mapIn(merged, "volumes")).map(([key, volume]) => [
      key,
      textIn(volume, "name") ?? `${project}_${key}`,
    ]),
  );
  const services = Object.entries(mapIn(merged, "services")).map(([name, said]) => serviceOf(name, said, volumes));
  return { name: project, files: paths, services: new Map(services.map((each) => [each.name, each])), volumes };
}

function serviceOf(name: string, said: unknown, volumes: Project["volumes"]): ProjectService {
  const replicas = mapIn(said, "deploy")["replicas"];
  return {
    name,
    image: textIn(said, "image") ?? `${name}:latest`,
    replicas: typeof replicas === "number" ? replicas : 1,
    containerName: textIn(said, "container_name"),
    environment: textsIn(said, "environment"),
    labels: textsIn(said, "labels"),
    ports: listIn(said, "ports").map(portOf),
    dependsOn: listIn(said, "depends_on").map(String),
    volumes: listIn(said, "volumes").flatMap((each) => volumes[String(each).split(":")[0] ?? ""] ?? []),
    isChecked: isMap(said) && isMap(said["healthcheck"]),
    hash: createHash("sha256").update(JSON.stringify(said)).digest("hex"),
  };
}

/** `80`, `8080:80`, `127.0.0.1:8090-8093:80`. */
function portOf(port: unknown): Port {
  if (isMap(port)) {
    const { target, published } = port;
    return {
      host: undefined,
      target: Number(target),
      published: published === undefined ? undefined : textOf(published),
    };
  }
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

function fileAt(path: string, engine: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new Ended(`open ${path}: no such file or directory`, 14);
  }
  try {
    return parsedFile(text, engine);
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

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapIn(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const found = isMap(value) ? value[key] : undefined;
  return isMap(found) ? found : {};
}

/** What stands alone, as text; empty for what does not. */
function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function textIn(value: unknown, key: string): string | undefined {
  const found = isMap(value) ? value[key] : undefined;
  return typeof found === "string" ? found : undefined;
}

function textsIn(value: unknown, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(mapIn(value, key)).map(([name, text]) => [name, textOf(text)]));
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const found: unknown = isMap(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
}
