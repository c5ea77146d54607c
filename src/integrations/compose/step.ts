import type { Left, StepEnd, StepKindOf } from "../../domain/systems/steps.ts";
import { counted } from "../../domain/text/quantities.ts";
import type { ProcessEnd } from "../process/run-process.ts";
import { stepFailureWords } from "../wire/step-failure.ts";
import { type Container, isCurrent, isRunning } from "./containers.ts";
import { callEngine, callFault, type EngineCall } from "./engine.ts";
import { fetchImages } from "./fetch.ts";
import { lookUp, missingImage } from "./look-up.ts";
import { readContainers, readStackFiles, readUnset } from "./rounds.ts";
import { sizedService, unknownService } from "./services.ts";
import { stackName } from "./stack.ts";
import type { StackFiles } from "./stack-files.ts";
import { argumentsOf, ComposeStep, resolveStep, scaleOf, servicesOf, type Verb, verbOf } from "./step-spec.ts";
import { readVolumes } from "./volumes.ts";

/** Each of the questions before and after the change. */
const askMs = 10_000;

/** One change of a stack, sent once. It touches the services that it names, and no other. */
export function composeStep(): StepKindOf<ComposeStep> {
  return {
    kind: "compose",
    key: "compose",
    schema: ComposeStep,
    does: "changes",
    placeholders: (step) => argumentsOf(step).map((name) => ({ name, inAddress: true })),
    resolve: resolveStep,
    describe: (step) =>
      `${stackName(step)}: ${argsOf(step, new Map()).join(" ")}${step.unlessCurrent ? ` ${alone}` : ""}`,
    budgetMs: ({ timeoutMs }) => timeoutMs + 4 * askMs,
    run: change,
    probe: (step, _key, elapsedMs) => lookUp(step, elapsedMs),
    canProbe: () => true,
    leaves: leftBy,
  };
}

/** What it leaves of the containers of its services. What has none and is only started, restarted or left alone keeps none. */
function leftBy(step: ComposeStep): Readonly<Record<string, Left>> {
  const left = leftOf(step);
  return left === undefined ? {} : Object.fromEntries(servicesOf(step).map((name) => [sizedService(name), left]));
}

function leftOf(step: ComposeStep): Left | undefined {
  switch (verbOf(step)) {
    case "scale":
      return scaleOf(step).n;
    case "remove":
      return 0;
    case "stop":
      return "stopped";
    case "restart":
      return "started";
    case "up":
      return 1;
    case "recreate":
      return step.unlessCurrent ? "started" : 1;
    case "pull":
    case "fetch":
    case "removeVolume":
      return undefined;
  }
}

const alone = "(what runs the image that its files name is left alone)";

/** How many containers there are of each service: what is made anew or started is as many, or docker would make one. */
type Kept = ReadonlyMap<string, number>;

function argsOf(step: ComposeStep, kept: Kept): string[] {
  const verb = verbOf(step);
  const services = servicesOf(step);
  const up = ["up", "-d", "--no-deps", "--no-build"];
  const counts = services.flatMap((name) => {
    const count = kept.get(name) ?? 0;
    return count === 0 ? [] : ["--scale", `${name}=${count}`];
  });
  switch (verb) {
    case "restart":
    case "stop":
      return [verb, ...services];
    case "pull":
      return ["pull", ...services];
    case "fetch":
      return ["pull", ...(step.fetch ?? [])];
    case "remove":
      return ["rm", "--stop", "--force", ...services];
    case "up":
      return [...up, "--no-recreate", ...counts, ...services];
    case "recreate":
      return [...up, "--force-recreate", ...counts, ...services];
    case "scale": {
      const { service, n } = scaleOf(step);
      return [...up, "--no-recreate", "--scale", `${service}=${n}`, service];
    }
    case "removeVolume":
      return ["volume", "rm", step.removeVolume ?? ""];
  }
}

/** Sends the change, once, after it was looked whether it can be made at all. */
async function change(step: ComposeStep): Promise<StepEnd> {
  if (step.fetch) return fetchImages(step, step.fetch);
  const prepared = await prepare(step);
  if ("outcome" in prepared) return prepared;
  const { call, left } = prepared;
  const end = judgeEnd(await callEngine(step, call), call, step);
  return left.length === 0 ? end : andLeft(await end, left);
}

interface Prepared {
  readonly call: EngineCall;
  /** Services that are left alone. */
  readonly left: readonly string[];
}

/** What is to be sent, or how it ended already because nothing is. Never rejects. */
async function prepare(step: ComposeStep): Promise<Prepared | StepEnd> {
  const verb = verbOf(step);
  const { timeoutMs } = step;
  try {
    const files = step.removeVolume === undefined ? await readStackFiles(step, askMs) : undefined;
    const why = files ? whyNot(step, files) : await noVolume(step);
    if (why !== undefined) return { outcome: "refused", detail: `nothing was sent: ${why}` };
    // A registry that is down or has it no more must not keep anybody from going back to what is still here.
    if (verb === "pull" && (await isHere(step))) return { outcome: "done", detail: "nothing to fetch: it is here" };
    if (!files || (verb !== "up" && verb !== "recreate" && verb !== "scale"))
      return { call: { args: argsOf(step, new Map()), timeoutMs, ofEngine: files === undefined }, left: [] };
    const all = await readContainers(step, askMs);
    const left = step.unlessCurrent ? servicesOf(step).filter((service) => isLeft(service, { files, all })) : [];
    const services = servicesOf(step).filter((service) => !left.includes(service));
    if (services.length === 0) return andLeft({ outcome: "done", detail: "nothing was made anew" }, left);
    const kept = keptCounts(all);
    const blank = services.some((service) => makesOf(step, service, kept)) ? await readUnset(step, askMs) : [];
    if (blank.length > 0)
      return { outcome: "refused", detail: `nothing was sent: nothing sets ${blank.join(", ")}, ${unsetWords}` };
    return { call: { args: argsOf(verb === "scale" ? step : { ...step, [verb]: services }, kept), timeoutMs }, left };
  } catch (error) {
    return { outcome: "refused", detail: `nothing was sent: ${stepFailureWords(error)}` };
  }
}

const unsetWords =
  "which new containers would have blank: set it in the env file, or write ${NAME:-} in the files where it may be blank";

/** Whether containers of a service are made, and not only started or taken away. */
function makesOf(step: ComposeStep, service: string, kept: Kept): boolean {
  const count = kept.get(service) ?? 0;
  if (step.scale) return scaleOf(step).n > count;
  return step.recreate !== undefined || (step.up !== undefined && count === 0);
}

interface Standing {
  readonly files: StackFiles;
  readonly all: readonly Container[];
}

/** What has no container is made by whoever starts it, of the image that its files name then. */
function isLeft(service: string, { files, all }: Standing): boolean {
  const of = all.filter((each) => each.service === service);
  return of.length === 0 || isCurrent(of, files.get(service)?.image);
}

function andLeft(end: StepEnd, left: readonly string[]): StepEnd {
  return { ...end, detail: `${end.detail}; left as they are: ${left.join(", ")}` };
}

/** Are all of its images here, each by the digest that its files name? */
async function isHere(step: ComposeStep): Promise<boolean> {
  try {
    return (await missingImage(step)) === undefined;
  } catch {
    return false;
  }
}

function keptCounts(all: readonly Container[]): Kept {
  const counts = new Map<string, number>();
  for (const { service } of all) counts.set(service, (counts.get(service) ?? 0) + 1);
  return counts;
}

/** Why its volume cannot be removed; undefined when it can. Throws BackendError. */
async function noVolume({ removeVolume = "", ...step }: ComposeStep): Promise<string | undefined> {
  const known = await readVolumes(step, askMs);
  return known.includes(removeVolume)
    ? undefined
    : `the project has no volume ${removeVolume}: it has ${known.join(", ") || "none"}`;
}

/** Why this change cannot be made; undefined when nothing in the files speaks against it. */
function whyNot(step: ComposeStep, files: StackFiles): string | undefined {
  const { digest, pinned } = step;
  for (const service of servicesOf(step)) {
    const said = files.get(service);
    if (!said) return unknownService(service, files.keys());
    if (digest !== undefined && said.image?.endsWith(`@${digest}`) !== true)
      return `the files do not name the image ${digest} for ${service}: set it there first`;
    if (pinned && !/@sha256:[0-9a-f]{64}$/.test(said.image ?? ""))
      return `the files name no image by its digest for ${service}: ${said.image ?? "none at all"}`;
    const { n } = step.scale ? scaleOf(step) : { n: 0 };
    if (said.most !== undefined && n > said.most)
      return `${service} has a fixed port or name, so there can be ${counted(said.most, "container")} of it, not ${n}`;
  }
  return undefined;
}

async function judgeEnd(end: ProcessEnd, call: EngineCall, step: ComposeStep): Promise<StepEnd> {
  const fault = callFault(end, call);
  // Whatever it fetched lies beside what runs: no container and no file is another for it.
  if (fault?.over && verbOf(step) === "pull")
    return { outcome: "refused", detail: `${fault.said}; no container was changed` };
  if (fault) {
    const late = fault.fault === "timeout" ? "; what it had begun may go on" : "";
    return { outcome: fault.before ? "refused" : "unknown", detail: `${fault.said}${late}` };
  }
  const verb = verbOf(step);
  if (verb === "removeVolume" || verb === "pull") return { outcome: "done", detail: doneWords[verb] };
  try {
    return { outcome: "done", detail: `${doneWords[verb]}: ${afterWords(step, await readContainers(step, askMs))}` };
  } catch (error) {
    return {
      outcome: "done",
      detail: `${doneWords[verb]}; how it stands now cannot be read: ${stepFailureWords(error)}`,
    };
  }
}

const doneWords: Readonly<Record<Verb, string>> = {
  restart: "restarted",
  stop: "stopped",
  up: "started",
  recreate: "made anew",
  remove: "removed",
  pull: "pulled",
  fetch: "fetched",
  scale: "scaled",
  removeVolume: "the volume is gone",
};

/** How many of each run now, and whether another service changed meanwhile. */
function afterWords(step: ComposeStep, all: readonly Container[]): string {
  const now = (service: string): number => all.filter((each) => each.service === service && isRunning(each)).length;
  const own = servicesOf(step).map((service) => `${service} has ${counted(now(service), "running container")}`);
  const kept = keptCounts(all);
  const { before = {}, service: scaled } = step.scale ? scaleOf(step) : { service: "" };
  const others = Object.entries(before).filter(([service, n]) => service !== scaled && (kept.get(service) ?? 0) !== n);
  const changed = others.map(([service, n]) => `${service} has ${kept.get(service) ?? 0} and had ${n}`);
  const beside = step.scale && Object.keys(before).length > 1 ? ["every other service has as many as it had"] : [];
  return [...own, ...(changed.length > 0 ? changed : beside)].join("; ");
}
