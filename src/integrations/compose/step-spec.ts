import { z } from "zod";
import { expressionValue } from "../../domain/conditions/condition.ts";
import { UserError } from "../../domain/failure.ts";
import { ownValue } from "../../domain/own-value.ts";
import { numberOf, textOfDatum } from "../../domain/systems/exact.ts";
import { argumentsIn, fillText, isExpression, type PlanValues } from "../../domain/systems/placeholders.ts";
import { unknownService } from "./services.ts";
import { ofStack, serviceName } from "./stack.ts";

/** A name, or an argument that brings one. */
export const ServiceRef = z
  .string()
  .refine(
    (text) => argumentsIn(text).length > 0 || serviceName.test(text),
    "a service, or {an argument} that names one",
  );
const Names = z.union([ServiceRef, z.array(ServiceRef).min(1).max(30)]);
const Digest = z
  .string()
  .refine(
    (text) => argumentsIn(text).length > 0 || /^sha256:[0-9a-f]{64}$/.test(text),
    "sha256: and 64 digits, or {an argument} that brings them",
  );
const PinnedImage = z
  .string()
  .refine(
    (text) => argumentsIn(text).length > 0 || pinnedImage.test(text),
    "an image by its digest, as name@sha256:…, or {an argument} that brings one",
  );
/** What begins with a hyphen would be read as an option. */
export const pinnedImage = /^[^-\s]\S*@sha256:[0-9a-f]{64}$/;
/** Containers of one service on one machine. */
const mostContainers = 1_000;
const Counts = z.record(z.string(), z.int().min(0));

const verbs = ["restart", "stop", "up", "recreate", "remove", "pull", "fetch", "scale", "removeVolume"] as const;
export type Verb = (typeof verbs)[number];

const Written = ofStack({
  restart: Names.optional(),
  stop: Names.optional(),
  /** Starts what does not run, as many as there were. */
  up: Names.optional(),
  /** Makes its containers anew, as many as there are: what was changed in its files or its env file is in force then. */
  recreate: Names.optional(),
  /** Stops and removes its containers; volumes stay. */
  remove: Names.optional(),
  pull: Names.optional(),
  /** Images that nothing has to name yet, so that what cannot be fetched is known before anything is changed. */
  fetch: z.array(PinnedImage).min(1).max(30).optional(),
  /** `{ all: "{now}", web: 3 }`: one service, and beside it how many there are of each, to tell whether another one changed. */
  scale: z.record(z.string(), z.union([z.int().min(0).max(mostContainers), z.string(), Counts])).optional(),
  /** One volume of this project by its exact name, with all that is in it. */
  removeVolume: ServiceRef.optional(),
  /** With `up`, `recreate` and `pull`: the files have to name exactly this image. */
  digest: Digest.optional(),
  /** With `up`, `recreate` and `pull`: the files have to name every image by digest, whichever. */
  pinned: z.literal(true).optional(),
  /** With `recreate`: what runs the image that its files name by digest already, and what has no container, is left alone. */
  unlessCurrent: z.literal(true).optional(),
  timeoutMs: z.int().min(1_000).max(900_000).default(120_000),
});

/** One change of a stack: one verb, with what it is done to. */
export const ComposeStep = Written.refine((step) => verbsOf(step).length === 1, `one of ${verbs.join(", ")}`)
  .refine(
    ({ digest, pinned, ...step }) =>
      (digest === undefined && pinned === undefined) || ["up", "recreate", "pull"].includes(verbsOf(step)[0] ?? ""),
    "digest and pinned go with up, recreate or pull",
  )
  .refine(
    ({ unlessCurrent, recreate }) => unlessCurrent === undefined || recreate !== undefined,
    "unlessCurrent goes with recreate",
  )
  .refine(
    ({ scale }) => scale === undefined || Object.keys(scale).filter((key) => key !== "all").length === 1,
    "scale one service, with how many of it there shall be",
  );
export type ComposeStep = z.output<typeof ComposeStep>;

function verbsOf(step: z.output<typeof Written>): Verb[] {
  return verbs.filter((verb) => step[verb] !== undefined);
}

export function verbOf(step: ComposeStep): Verb {
  const [verb] = verbsOf(step);
  if (verb === undefined) throw new Error("a step without a verb");
  return verb;
}

/** The services that it is done to; of a volume and of images none. */
export function servicesOf(step: ComposeStep): readonly string[] {
  const { scale, restart, stop, up, recreate, remove, pull } = step;
  if (scale) return [scaleOf(step).service];
  const names = restart ?? stop ?? up ?? recreate ?? remove ?? pull ?? [];
  return typeof names === "string" ? [names] : names;
}

export interface Scale {
  readonly service: string;
  readonly n: number;
  /** How many ran of each service when it was planned. */
  readonly before: Readonly<Record<string, number>> | undefined;
}

/** What a planned scaling says. */
export function scaleOf({ scale = {} }: ComposeStep): Scale {
  const [service = "", n] = Object.entries(scale).find(([key]) => key !== "all") ?? [];
  return { service, n: typeof n === "number" ? n : Number.NaN, before: Counts.safeParse(scale["all"]).data };
}

/** Every argument that a step refers to. */
export function argumentsOf(step: ComposeStep): string[] {
  const { scale = {}, removeVolume, digest, fetch = [] } = step;
  const services = step.scale ? [] : servicesOf(step);
  const texts = [...services, ...fetch, removeVolume, digest, ...Object.entries(scale).flat()];
  return texts.flatMap(argumentsIn);
}

/** With the arguments in place. Throws UserError for what is no name, no count and no service that was read. */
export function resolveStep(step: ComposeStep, values: PlanValues): ComposeStep {
  const named = (names: string | string[] | undefined): string | string[] | undefined =>
    typeof names === "string" ? filledService(names, values) : names?.map((each) => filledService(each, values));
  const { digest, scale, removeVolume, fetch } = step;
  const filled = Object.fromEntries(
    (["restart", "stop", "up", "recreate", "remove", "pull"] as const).flatMap((verb) => {
      const names = named(step[verb]);
      return names === undefined ? [] : [[verb, names] as const];
    }),
  );
  return ComposeStep.parse({
    ...step,
    ...filled,
    ...(scale && { scale: scaleIn(scale, values) }),
    ...(removeVolume !== undefined && { removeVolume: filledService(removeVolume, values) }),
    ...(digest !== undefined && { digest: digestIn(digest, values) }),
    ...(fetch && { fetch: [...new Set(fetch.map((image) => imageIn(image, values)))] }),
  });
}

/** The name with its arguments in place. Throws UserError for what is none. */
export function filledService(written: string, values: PlanValues): string {
  const name = textOfDatum(fillText(written, values)) ?? "";
  if (serviceName.test(name)) return name;
  throw new UserError(`${JSON.stringify(name)} is no name of a service or a volume, so nothing was planned.`);
}

function digestIn(written: string, values: PlanValues): string {
  const digest = textOfDatum(fillText(written, values)) ?? "";
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw new UserError(`${JSON.stringify(digest)} is no digest of an image, so nothing was planned.`, "Give sha256:….");
}

function imageIn(written: string, values: PlanValues): string {
  const image = textOfDatum(fillText(written, values)) ?? "";
  if (pinnedImage.test(image)) return image;
  throw new UserError(
    `${JSON.stringify(image)} names no image by its digest, so nothing was planned.`,
    "Give name@sha256:….",
  );
}

function scaleIn(scale: NonNullable<ComposeStep["scale"]>, values: PlanValues): ComposeStep["scale"] {
  const all = scale["all"];
  const before = all === undefined ? undefined : countsIn(all, values);
  const [key = "", n] = Object.entries(scale).find(([each]) => each !== "all") ?? [];
  const service = filledService(key, values);
  if (before && !Object.hasOwn(before, service))
    throw new UserError(`So nothing was planned: ${unknownService(service, Object.keys(before))}.`);
  const count = typeof n === "string" ? numberOf(fillText(n, values)) : n;
  const whole = z.int().min(0).max(mostContainers).safeParse(count).data;
  if (whole === undefined)
    throw new UserError(`A service has 0 to ${mostContainers} containers, so nothing was planned.`);
  return { ...(before && { all: before }), [service]: whole };
}

function countsIn(all: NonNullable<ComposeStep["scale"]>[string], values: PlanValues): Record<string, number> {
  const [name] = argumentsIn(all);
  const read = name === undefined ? all : isExpression(name) ? expressionValue(name, values) : ownValue(values, name);
  const counts = Counts.safeParse(read).data;
  if (!counts)
    throw new UserError(
      "What is scaled beside is no count for each service, so nothing was planned.",
      'Read it with `compose: { containers: {} }`, and write `all: "{now}"`.',
    );
  return counts;
}
