import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { askedEngine, type EngineState, type KeptContainer, logOf } from "./engine.ts";
import { Ended, type Project } from "./project.ts";

export interface Asked {
  readonly verb: string;
  readonly words: readonly string[];
}

/** What the verbs that only ask print; undefined for another verb. */
export function askProject(folder: string, project: Project, { verb, words }: Asked): string | undefined {
  switch (verb) {
    case "version":
      return "Docker Compose version 2.26.1 (stand-in)\n";
    case "config":
      if (words.includes("--images")) return imagesOf(project);
      return `${JSON.stringify(configOf(project), undefined, 2)}\n`;
    case "ps":
      return ps(project, askedEngine(folder), words);
    case "logs":
      return logs(folder, { project, state: askedEngine(folder) }, words);
    default:
      return undefined;
  }
}

function imagesOf({ services }: Project): string {
  const images = [...services.values()].map(({ image }) => `${image}\n`);
  return [...new Set(images)].toSorted().join("");
}

function configOf(project: Project): object {
  const services = [...project.services.values()].map((service) => [
    service.name,
    {
      command: null,
      entrypoint: null,
      ...(service.containerName !== undefined && { container_name: service.containerName }),
      deploy: { replicas: service.replicas, resources: {}, placement: {} },
      environment: service.environment,
      image: service.image,
      ...(service.ports.length > 0 && {
        ports: service.ports.map(({ host, published, target }) => ({
          mode: "ingress",
          ...(host !== undefined && { host_ip: host }),
          target,
          ...(published !== undefined && { published }),
          protocol: "tcp",
        })),
      }),
    },
  ]);
  const volumes = Object.entries(project.volumes).map(([key, name]) => [key, { name }]);
  return { name: project.name, services: Object.fromEntries(services), volumes: Object.fromEntries(volumes) };
}

/** The containers of a project, of these services where some are named; a service that is not there ends the program. */
export function ofProject(project: Project, { containers }: EngineState, services: readonly string[]): KeptContainer[] {
  for (const name of services) if (!project.services.has(name)) throw new Ended(`no such service: ${name}`);
  const own = containers.filter((each) => each.project === project.name);
  return services.length === 0 ? own : own.filter((each) => services.includes(each.service));
}

function ps(project: Project, state: EngineState, words: readonly string[]): string {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: {
      all: { type: "boolean", short: "a" },
      "no-trunc": { type: "boolean" },
      format: { type: "string" },
    },
    allowPositionals: true,
  });
  if (values.format !== "json") throw new Ended("this stand-in prints ps as JSON only");
  return ofProject(project, state, positionals)
    .filter((each) => values.all || (each.state === "running" && !each.oneOff))
    .map((each) => `${JSON.stringify(rowOf(each, values["no-trunc"] === true))}\n`)
    .join("");
}

function rowOf(container: KeptContainer, whole: boolean): object {
  const labels = {
    "com.docker.compose.config-hash": container.hash,
    "com.docker.compose.container-number": String(container.number),
    "com.docker.compose.depends_on": "",
    "com.docker.compose.image": container.imageId,
    "com.docker.compose.oneoff": container.oneOff ? "True" : "False",
    "com.docker.compose.project": container.project,
    "com.docker.compose.project.config_files": container.files.join(","),
    "com.docker.compose.service": container.service,
    ...container.labels,
  };
  return {
    Command: '"/bin/sh -c serve"',
    CreatedAt: `${new Date(container.createdAt).toISOString().slice(0, 19).replace("T", " ")} +0000 UTC`,
    ExitCode: container.exitCode,
    Health: container.health,
    ID: whole ? container.id : container.id.slice(0, 12),
    Image: container.image,
    Labels: Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
    LocalVolumes: String(container.volumes.length),
    Mounts: container.volumes.join(","),
    Name: container.name,
    Names: container.name,
    Networks: "none",
    Ports: "",
    Project: container.project,
    Publishers: null,
    RunningFor: `${since(container.createdAt)} ago`,
    Service: container.service,
    Size: "0B",
    State: container.state,
    Status: statusOf(container),
  };
}

function statusOf({ state, startedAt, endedAt, exitCode, health }: KeptContainer): string {
  if (state === "created") return "Created";
  if (state === "exited") return `Exited (${exitCode}) ${since(endedAt)} ago`;
  return `Up ${since(startedAt)}${health === "" ? "" : ` (${health})`}`;
}

function since(at: number): string {
  const seconds = Math.floor((Date.now() - at) / 1_000);
  if (seconds < 1) return "Less than a second";
  if (seconds < 120) return `${seconds} seconds`;
  return seconds < 7_200 ? `${Math.floor(seconds / 60)} minutes` : `${Math.floor(seconds / 3_600)} hours`;
}

function logs(
  folder: string,
  { project, state }: { readonly project: Project; readonly state: EngineState },
  words: readonly string[],
): string {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: {
      "no-color": { type: "boolean" },
      timestamps: { type: "boolean", short: "t" },
      tail: { type: "string" },
      since: { type: "string" },
      until: { type: "string" },
    },
    allowPositionals: true,
  });
  const of = ofProject(project, state, positionals).filter(({ oneOff }) => !oneOff);
  const names = of.map((each) => each.name.replace(`${project.name}-`, ""));
  const width = Math.max(0, ...names.map((name) => name.length));
  const from = values.since === undefined ? 0 : Date.parse(values.since);
  const to = values.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(values.until);
  return of
    .flatMap((each, index) => {
      const path = logOf(folder, each);
      const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
      const tail = values.tail === undefined || values.tail === "all" ? lines.length : Number(values.tail);
      const last = tail === 0 ? [] : lines.slice(-tail);
      return last
        .filter((line) => {
          const at = Date.parse(line.slice(0, line.indexOf(" ")));
          return at >= from && at <= to;
        })
        .map((line) => {
          const text = values.timestamps ? line : line.slice(line.indexOf(" ") + 1);
          return `\u001B[2K${(names[index] ?? "").padEnd(width)}  | ${text}\n`;
        });
    })
    .join("");
}
