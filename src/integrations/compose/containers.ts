import { z } from "zod";
import { momentWritten } from "../../domain/text/moment.ts";
import { counted } from "../../domain/text/quantities.ts";
import { redact } from "../../domain/text/redact.ts";
import { nonsense } from "./engine.ts";
import { type Stack, stackOf } from "./stack.ts";

const Row = z.object({
  ID: z
    .string()
    .regex(/^[0-9a-f]{12,64}$/)
    .optional(),
  Name: z.string().min(1),
  Service: z.string().min(1),
  Project: z.string().optional(),
  State: z.string().min(1),
  Health: z.string().default(""),
  ExitCode: z.int().default(0),
  Image: z.string().default(""),
  Status: z.string().default(""),
  Labels: z.string().default(""),
  CreatedAt: z.string().default(""),
});

/** One container of a stack, as `docker compose ps` tells of it. */
export interface Container {
  /** By which the engine knows it; undefined where it was not told. */
  readonly id: string | undefined;
  readonly name: string;
  readonly service: string;
  readonly state: string;
  /** `healthy`, `unhealthy` or `starting`; empty where nothing checks it. */
  readonly health: string;
  readonly exitCode: number;
  readonly image: string;
  /** How long it has been so, in docker's own words. */
  readonly status: string;
  readonly labels: ReadonlyMap<string, string>;
  /** ms since 1970; undefined where it was not told. */
  readonly madeAt: number | undefined;
}

/** The containers of a stack's services; what was run once by hand is none of them. Throws BackendError. */
export function containersIn(stack: Stack, text: string): readonly Container[] {
  const { project } = stackOf(stack);
  const rows = z.array(Row).safeParse(rowsIn(stack, text)).data;
  if (!rows) throw nonsense(stack, "printed containers in a form that is not known");
  if (rows.some((row) => row.Project !== undefined && row.Project !== project))
    throw nonsense(stack, `told of another project than ${project}`);
  return rows.map(containerOf).filter(({ labels }) => labels.get("com.docker.compose.oneoff") !== "True");
}

/** A line for each, since Compose 2.21; before it, all in one list. */
function rowsIn(stack: Stack, text: string): unknown {
  const whole = text.trim();
  try {
    return whole.startsWith("[")
      ? JSON.parse(whole)
      : whole
          .split("\n")
          .filter((line) => line.trim() !== "")
          .map((line): unknown => JSON.parse(line));
  } catch {
    throw nonsense(stack, "printed half of an answer, or no JSON");
  }
}

function containerOf(row: z.output<typeof Row>): Container {
  return {
    id: row.ID,
    name: row.Name,
    service: row.Service,
    state: row.State,
    health: row.Health,
    exitCode: row.ExitCode,
    image: redact(row.Image),
    status: redact(row.Status),
    labels: labelsIn(row.Labels),
    // `2026-11-28 20:54:35 +0100 CET`: the zone's name says nothing more.
    madeAt: momentWritten(row.CreatedAt.slice(0, 25)),
  };
}

/**
 * `a=1,b=x,y,c=2`: a comma stands between labels and in values alike, and what has no `=` goes on with the value before. What is told in
 * two ways may be the words of an image within a label of its own, and is neither of both.
 */
function labelsIn(text: string): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const [name, value] of labelPairs(text)) {
    const other = labels.get(name);
    labels.set(name, other === undefined || other === value ? value : `${other} and also ${value}`);
  }
  return labels;
}

function labelPairs(text: string): readonly (readonly [name: string, value: string])[] {
  // A new one begins where anything but a comma and `=` stands before an `=`.
  return text.split(/,(?=[^,=]+=)/).map((part) => {
    const at = part.indexOf("=");
    return [part.slice(0, Math.max(at, 0)), part.slice(at + 1)] as const;
  });
}

export function isRunning({ state }: Container): boolean {
  return state === "running";
}

/** It has ended and is not started again by itself, as one is that restarts or is paused. */
export function isStopped({ state }: Container): boolean {
  return state === "exited" || state === "dead" || state === "created";
}

/** It runs, and nothing that checks it says otherwise. */
export function isWell(container: Container): boolean {
  return isRunning(container) && (container.health === "" || container.health === "healthy");
}

/** Does all of a service run the image that its files name by digest? What has no container does not. */
export function isCurrent(containers: readonly Container[], named: string | undefined): boolean {
  const pinned = named !== undefined && /@sha256:[0-9a-f]{64}$/.test(named);
  return pinned && containers.length > 0 && containers.every((each) => isRunning(each) && each.image === named);
}

/** The one that is least well; undefined for none at all. */
export function worstOf(containers: readonly Container[]): Container | undefined {
  return containers.toSorted((a, b) => severity(b) - severity(a))[0];
}

function severity(container: Container): number {
  if (isWell(container)) return 0;
  if (container.health === "starting" && isRunning(container)) return 1;
  if (isRunning(container)) return 3;
  return container.state === "exited" || container.state === "dead" ? 4 : 2;
}

/** `gui-1 exited with 137`. */
export function stateWords(stack: Stack, container: Container): string {
  const { project } = stackOf(stack);
  const name = redact(container.name.replace(`${project}-`, ""));
  if (container.state === "exited") return `${name} exited with ${container.exitCode}`;
  const health = container.health === "" ? "" : ` and ${container.health}`;
  return `${name} is ${redact(container.state)}${isRunning(container) ? health : ""}`;
}

/** `2 of 3 containers are well`. */
export function wellWords(containers: readonly Container[]): string {
  const well = containers.filter(isWell).length;
  const checked = containers.some(({ health }) => health !== "") ? "healthy" : "running";
  return well === containers.length
    ? `${counted(well, "container")} ${checked}`
    : `${well} of ${counted(containers.length, "container")} ${checked}`;
}
