import { z } from "zod";
import type { StepEnd } from "../../domain/systems/steps.ts";
import { stepFailureWords } from "../wire/step-failure.ts";
import { type Container, isCurrent, isRunning, isStopped, stateWords } from "./containers.ts";
import { askEngine, nonsense } from "./engine.ts";
import { fetchedBy } from "./fetch.ts";
import { readContainers, readStackFiles } from "./rounds.ts";
import { stackOf } from "./stack.ts";
import { type ComposeStep, pinnedImage, scaleOf, servicesOf, verbOf } from "./step-spec.ts";
import { readVolumes } from "./volumes.ts";

/** Short, because the executor asks it while its lease on the run is running. */
const probeMs = 3_000;

/**
 * Looks whether the stack stands as the step leaves it. What does not is unknown, never undone: the engine goes on with what it
 * was told when the program that told it is gone. Never rejects.
 */
export async function lookUp(step: ComposeStep, elapsedMs: number | undefined): Promise<StepEnd> {
  const { project } = stackOf(step);
  if (step.fetch) return fetchedBy(step, step.fetch);
  try {
    const lacks = await whatLacks(step, elapsedMs);
    // It leaves nothing by which it could be told from the one before it, and nothing that runs otherwise.
    if (lacks === noDigest && step.digest === undefined && !step.pinned)
      return { outcome: "refused", detail: `${noDigest}; no container of ${project} was changed` };
    return lacks === undefined
      ? { outcome: "done", detail: `${project} stands as this step leaves it` }
      : {
          outcome: "unknown",
          detail: `${project} does not stand as this step leaves it; it may still be under way: ${lacks}`,
        };
  } catch (error) {
    return { outcome: "unknown", detail: stepFailureWords(error) };
  }
}

/** What is not as the step leaves it; undefined when all of it is. Throws BackendError. */
async function whatLacks(step: ComposeStep, elapsedMs: number | undefined): Promise<string | undefined> {
  switch (verbOf(step)) {
    case "removeVolume": {
      const { removeVolume = "" } = step;
      return (await readVolumes(step, probeMs)).includes(removeVolume) ? `${removeVolume} is still there` : undefined;
    }
    case "pull":
      return missingImage(step);
    case "fetch":
      return undefined;
    case "recreate":
      if (step.unlessCurrent) return otherImage(step);
      return elapsedMs === undefined ? "it is not on record when it was begun" : oldContainer(step, elapsedMs);
    case "restart":
      return elapsedMs === undefined ? "it is not on record when it was begun" : oldContainer(step, elapsedMs);
    case "stop":
    case "up":
    case "remove":
    case "scale":
      return otherState(step, await readContainers(step, probeMs));
  }
}

/** Of a step that makes anew what runs another image than its files name. */
async function otherImage(step: ComposeStep): Promise<string | undefined> {
  const [files, all] = await Promise.all([readStackFiles(step, probeMs), readContainers(step, probeMs)]);
  for (const service of servicesOf(step)) {
    const of = all.filter((each) => each.service === service);
    if (of.length > 0 && !isCurrent(of, files.get(service)?.image))
      return `${service} does not run the image that its files name`;
  }
  return undefined;
}

/** Of a step that leaves its services in one state, whenever they came to it. */
function otherState(step: ComposeStep, all: readonly Container[]): string | undefined {
  const verb = verbOf(step);
  const wanted = verb === "scale" ? scaleOf(step).n : 0;
  for (const service of servicesOf(step)) {
    const of = all.filter((each) => each.service === service);
    if ((verb === "scale" || verb === "remove") && of.length !== wanted)
      return `${service} has ${of.length} of ${wanted} containers`;
    if (verb === "up" && of.length === 0) return `${service} has no container`;
    const other = of.find((each) => !(verb === "stop" ? isStopped(each) : isRunning(each)));
    if (other) return stateWords(step, other);
  }
  return undefined;
}

/** The first container of its services that was not started, or made, since the step was begun. */
async function oldContainer(step: ComposeStep, elapsedMs: number): Promise<string | undefined> {
  const [now, all] = await Promise.all([engineNow(step), readContainers(step, probeMs)]);
  // By the engine's own clock, which may be another machine's.
  const begun = now - elapsedMs;
  const services = servicesOf(step);
  const own = all.filter(({ service }) => services.includes(service));
  const empty = services.find((name) => !own.some(({ service }) => service === name));
  if (empty !== undefined) return `${empty} has no container`;
  const still = own.find((each) => !isRunning(each));
  if (still) return stateWords(step, still);
  const lives = await readLives(step, own);
  return own.map((each) => oldness(step, each, { begun, life: lives.get(each.id ?? "") })).find(Boolean);
}

/** When a container was made and last started, by its engine's clock. */
interface Life {
  readonly createdAt: number;
  readonly startedAt: number;
  /** How often the engine has started it again by itself since somebody did. */
  readonly restarts: number;
}

interface Since {
  readonly begun: number;
  readonly life: Life | undefined;
}

function oldness(step: ComposeStep, { name, image }: Container, { begun, life }: Since): string | undefined {
  if (!life) return `nothing tells when ${name} was started`;
  const { digest } = step;
  if (digest !== undefined && !image.endsWith(`@${digest}`)) return `${name} is not of the image ${digest}`;
  if (verbOf(step) === "recreate") return life.createdAt > begun ? undefined : `${name} was made before it was begun`;
  if (life.startedAt <= begun) return `${name} was started before it was begun`;
  return life.restarts === 0 ? undefined : `${name} ended and was started again by the engine itself`;
}

/** What the clock of the engine says, in ms. Throws BackendError. */
async function engineNow(step: ComposeStep): Promise<number> {
  const args = ["info", "--format", "{{.SystemTime}}"];
  const at = Date.parse((await askEngine(step, { args, timeoutMs: probeMs, ofEngine: true })).trim());
  if (Number.isNaN(at)) throw nonsense(step, "printed no time of its engine");
  return at;
}

const Stamp = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const LifeLine = z.tuple([z.string(), Stamp, Stamp, z.string().regex(/^\d+$/).transform(Number)]);

/** By the container's id. Only these words of it are asked for: the rest holds its environment, with secrets. Throws BackendError. */
async function readLives(step: ComposeStep, containers: readonly Container[]): Promise<ReadonlyMap<string, Life>> {
  const ids = containers.flatMap(({ id }) => (id === undefined ? [] : [id]));
  if (ids.length === 0) return new Map();
  const format = "{{.Id}} {{.Created}} {{.State.StartedAt}} {{.RestartCount}}";
  const args = ["container", "inspect", "--format", format, ...ids];
  const text = await askEngine(step, { args, timeoutMs: probeMs, ofEngine: true });
  const lines = z.array(LifeLine).safeParse(
    text
      .trim()
      .split("\n")
      .map((line) => line.trim().split(" ")),
  ).data;
  if (!lines) throw nonsense(step, "printed containers in a form that is not known");
  return new Map(lines.map(([id, createdAt, startedAt, restarts]) => [id, { createdAt, startedAt, restarts }]));
}

const noDigest = "its files name no digest, so nothing shows whether it was pulled";

/** Why its images cannot be shown to be here: only a digest tells which one was to be pulled. Throws BackendError. */
export async function missingImage(step: ComposeStep): Promise<string | undefined> {
  const files = await readStackFiles(step, probeMs);
  const images = servicesOf(step).map((service) => files.get(service)?.image ?? "");
  const { digest } = step;
  const vague = images.find((image) => !pinnedImage.test(image));
  if (vague !== undefined) return noDigest;
  const other = images.find((image) => digest !== undefined && !image.endsWith(`@${digest}`));
  if (other !== undefined) return `its files name ${other}`;
  const args = ["image", "inspect", "--format", "{{.Id}}", ...images];
  const found = await askEngine(step, { args, timeoutMs: probeMs, ofEngine: true });
  const ids = found
    .trim()
    .split("\n")
    .filter((line) => /^sha256:[0-9a-f]{64}$/.test(line.trim()));
  return ids.length === images.length ? undefined : "not all of its images are here";
}
