import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import { provenBy } from "../../domain/systems/backend.ts";
import type { ComponentDetail, Identity } from "../../domain/systems/health.ts";
import type { ListEntry } from "../../domain/systems/lists.ts";
import type { GivenValue } from "../../domain/systems/metrics.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { nearest } from "../../domain/text/distance.ts";
import { toldBySomebodyElse } from "../wire/tells-nothing.ts";
import { type Container, isRunning, isWell, stateWords, wellWords, worstOf } from "./containers.ts";
import type { StackRounds } from "./rounds.ts";
import { ofStack, Service, type Stack, stackName, stackOf } from "./stack.ts";
import { readVolumes } from "./volumes.ts";

export const ComposeHealth = z.strictObject({
  /** Well when all its containers are, and at least so many of them. */
  compose: ofStack({ service: Service, atLeast: z.int().min(1).max(1_000).default(1) }),
});
export const ComposeMetric = z.strictObject({
  /** How many containers: of a service, or of all. */
  compose: ofStack({ count: z.enum(["running", "healthy", "all"]), service: Service.optional() }),
});
export const ComposeList = z.strictObject({ compose: ofStack({ list: z.enum(["services", "volumes"]) }) });
export const ComposeIdentity = z.strictObject({
  /** With `label` its containers have to bear it; else they have to have been made from the very same files. */
  compose: ofStack({ label: z.string().min(1).optional(), value: z.string().optional() }),
});

/** `identity: { madeFrom: files }`, or the label that its containers bear, below a declared project. */
export const composeProof = provenBy(
  z
    .strictObject({
      madeFrom: z.literal("files").optional(),
      label: z.string().min(1).optional(),
      value: z.string().min(1).optional(),
    })
    .refine(
      ({ madeFrom, label, value }) => (madeFrom === undefined) === (label !== undefined && value !== undefined),
      "say `madeFrom: files`, or a `label` with its `value`",
    ),
  "{ madeFrom: files }",
  (backend, { label, value }) => ({
    compose: { backend, ...(label !== undefined && { label }), ...(value !== undefined && { value }) },
  }),
);

/** Whether a service runs and is healthy, with the worst reason where it does not. Throws BackendError. */
export async function serviceHealth(
  rounds: StackRounds,
  { compose: asked }: z.output<typeof ComposeHealth>,
  look: Look,
): Promise<Taken<ComponentDetail>> {
  const of = await toldBySomebodyElse(containersOf(rounds, asked, look));
  const worst = worstOf(of);
  if (!worst)
    throw new BackendError(stackName(asked), {
      fault: "unwell",
      detail: `${asked.service} has no container: it was never started, or scaled to 0`,
      emptied: sizedService(asked.service),
    });
  const well = of.filter(isWell).length;
  const words = wellWords(of);
  if (well === of.length && well >= asked.atLeast) return { value: { detail: words } };
  if (well === of.length) throw unwell(asked, "unwell", `${words}, and there should be ${asked.atLeast}`);
  // One that still starts is not known to be unwell.
  const starting = of.every((each) => isWell(each) || (isRunning(each) && each.health === "starting"));
  throw unwell(asked, starting ? "missing" : "unwell", `${words}; ${stateWords(asked, worst)}`);
}

/** A service by the name under which a step says how many containers it leaves of it. */
export function sizedService(service: string): string {
  return `compose service ${service}`;
}

export function unwell(stack: Stack, fault: "unwell" | "missing", detail: string): BackendError {
  return new BackendError(stackName(stack), { fault, detail });
}

/** The containers of a service. A service that the files do not name is an error that says which was meant. */
export async function containersOf(
  rounds: StackRounds,
  asked: Stack & { readonly service: string },
  look: Look,
): Promise<readonly Container[]> {
  const all = await rounds.containers(asked, look);
  const of = all.filter(({ service }) => service === asked.service);
  if (of.length > 0) return of;
  const files = await rounds.files(asked, look);
  if (files.has(asked.service)) return [];
  throw unwell(asked, "missing", unknownService(asked.service, files.keys()));
}

/** That there is no such service, and which one was perhaps meant. */
export function unknownService(service: string, known: Iterable<string>): string {
  const names = [...known];
  const close = nearest(service, names);
  const hint = close === undefined ? `it has ${names.slice(0, 20).join(", ")}` : `did you mean ${close}?`;
  return `there is no service ${service}: ${hint}`;
}

/** The digest of the image that it was made from; empty where docker does not tell. */
export function imageId({ labels }: Container): string {
  return labels.get("com.docker.compose.image") ?? "";
}

/** How many containers there are. Throws BackendError. */
export async function containerCount(
  rounds: StackRounds,
  { compose: asked }: z.output<typeof ComposeMetric>,
  look: Look,
): Promise<GivenValue> {
  const { service, count } = asked;
  const all =
    service === undefined
      ? await rounds.containers(asked, look)
      : await containersOf(rounds, { ...asked, service }, look);
  const tests = { running: isRunning, healthy: isWell, all: () => true };
  return { value: all.filter(tests[count]).length };
}

/** How many containers of each service of the files count. Throws BackendError. */
export async function containerCounts(
  rounds: StackRounds,
  stack: Stack,
  { look, counts }: { readonly look: Look; readonly counts: (container: Container) => boolean },
): Promise<Readonly<Record<string, number>>> {
  const [files, all] = await Promise.all([rounds.files(stack, look), rounds.containers(stack, look)]);
  return Object.fromEntries(
    [...files.keys()].map((name) => [name, all.filter((each) => each.service === name && counts(each)).length]),
  );
}

/** Its services with how many of each run, or its volumes. Throws BackendError. */
export async function listStack(
  rounds: StackRounds,
  { compose: asked }: z.output<typeof ComposeList>,
  look: Look,
): Promise<Taken<readonly ListEntry[]>> {
  if (asked.list === "volumes")
    return { value: (await readVolumes(asked, look.deadlineMs)).map((value) => ({ value, label: "" })) };
  const counts = await containerCounts(rounds, asked, { look, counts: isRunning });
  return { value: Object.entries(counts).map(([value, n]) => ({ value, label: `${n} running` })) };
}

/** Whether its containers were made from the files that are named here, or bear the label. Throws BackendError. */
export async function identifyStack(
  rounds: StackRounds,
  { compose: asked }: z.output<typeof ComposeIdentity>,
  look: Look,
): Promise<Taken<Identity>> {
  const { label = "com.docker.compose.project.config_files", value = filePaths(asked) } = asked;
  const all = await rounds.containers(asked, look);
  const { project } = stackOf(asked);
  const told = [...new Set(all.map(({ labels }) => labels.get(label)))];
  const what = asked.label ?? "what it was made from";
  if (told.length === 0)
    return { value: { is: "unread", why: `${stackName(asked)} has no container of the project ${project}` } };
  if (told.every((each) => each === value)) return { value: { is: "proven" } };
  const other = told.find((each) => each !== value);
  if (other === undefined)
    return { value: { is: "unread", why: `${stackName(asked)} has a container without ${what}` } };
  return { value: { is: "contradicted", why: `${stackName(asked)} says ${what}: ${other}, not ${value}` } };
}

/** As Compose writes them on its containers: whole paths, one after the other. */
function filePaths(stack: Stack): string {
  const { cwd, files } = stackOf(stack);
  return files.map((each) => (each.startsWith("/") ? each : `${cwd.replace(/\/$/, "")}/${each}`)).join(",");
}
