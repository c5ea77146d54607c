import { parseArgs } from "node:util";
import type { EngineState, KeptContainer } from "./engine.ts";
import { Ended, isMap } from "./project.ts";

/** What `docker info`, `docker container inspect` and `docker image inspect` print in a form that is given. */
export function tellOfEngine(
  state: EngineState,
  command: "info" | "container" | "image",
  argv: readonly string[],
): string {
  const [verb, ...words] = command === "info" ? ["inspect", ...argv] : argv;
  if (verb !== "inspect") throw new Ended(`unknown command: docker ${command} ${verb ?? ""}`);
  const { values, positionals } = parseArgs({
    args: [...words],
    options: { format: { type: "string", short: "f" } },
    allowPositionals: true,
  });
  const format = values.format ?? "";
  if (command === "info") return `${filled(format, { SystemTime: stampOf(Date.now()) })}\n`;
  const found = positionals.map((name) => (command === "image" ? imageOf(state, name) : containerOf(state, name)));
  return found.map((each) => `${filled(format, each)}\n`).join("");
}

function containerOf({ containers }: EngineState, name: string): object {
  const found = containers.find((each) => each.id === name || each.name === name);
  if (!found) throw new Ended(`Error response from daemon: No such container: ${name}`);
  return inspected(found);
}

function inspected({ id, createdAt, startedAt, state, exitCode }: KeptContainer): object {
  return {
    Id: id,
    Created: stampOf(createdAt),
    RestartCount: 0,
    State: { StartedAt: stampOf(startedAt), Status: state, ExitCode: exitCode },
  };
}

function imageOf({ images, containers }: EngineState, name: string): object {
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(name)?.[1];
  const used = containers.find(({ image }) => image === name);
  if (!used && !images.includes(name)) throw new Ended(`Error response from daemon: No such image: ${name}`);
  return { Id: used?.imageId ?? digest ?? "" };
}

/** In nanoseconds, as docker writes it; what never was is the first day of all. */
function stampOf(at: number): string {
  return at === 0 ? "0001-01-01T00:00:00Z" : new Date(at).toISOString().replace("Z", "000000Z");
}

/** `{{.State.StartedAt}}` with what stands there. */
function filled(format: string, of: object): string {
  return format.replace(/\{\{\.([\w.]+)\}\}/g, (_, path: string) => {
    const found = path.split(".").reduce((at: unknown, key) => (isMap(at) ? at[key] : undefined), of);
    if (typeof found === "string" || typeof found === "number") return String(found);
    throw new Ended(`template parsing error: can't evaluate field ${path}`, 64);
  });
}
