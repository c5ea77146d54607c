import { z } from "zod";
import { UserError } from "../../domain/failure.ts";
import { textOfDatum } from "../../domain/systems/exact.ts";
import { argumentsIn, fillText, type Placeholder, type PlanValues } from "../../domain/systems/placeholders.ts";
import { ofNamespace, saysOne, workloadKinds } from "./connection.ts";
import { fillName, NameWritten, placeholdersOf } from "./names.ts";

export const Count = z.int().min(0).max(10_000);
/** A number, or `{n}`. */
export const CountWritten = z.union([Count, z.string().regex(/^\{[^{}]+\}$/, "a whole number, or {n}")]);

/** An image by its digest, also behind a tag: what runs is what was agreed to, and a tag is moved at will. */
const Image = z.string().regex(/^[a-z0-9][\w.:/-]*@sha256:[0-9a-f]{64}$/, { error: ({ input }) => imageFault(input) });

function imageFault(input: unknown): string {
  const text = typeof input === "string" ? input : "";
  if ((text.match(/@/g) ?? []).length > 1)
    return "an image is named twice: give the digest alone, as sha256: with its 64 digits";
  if (text.includes("@sha256:")) return "a digest is sha256: with 64 digits from 0-9 and a-f: give it whole";
  return "an image has to be given by its digest, as name@sha256:…, because a tag may name another image tomorrow";
}
const Quantity = z.string().regex(/^\d+(?:\.\d+)?(?:m|k|M|G|T|Ki|Mi|Gi|Ti)?$/, "write an amount as 250m or 512Mi");

/** As it is, or with arguments in it, which are checked once they are in place. */
function written(schema: z.ZodString): z.ZodString {
  return z.string().superRefine((text, context) => {
    const read = schema.safeParse(text);
    if (argumentsIn(text).length > 0 || read.success) return;
    context.addIssue({ code: "custom", message: read.error.issues[0]?.message ?? "cannot be read" });
  });
}

/**
 * Its `metadata.generation` when it was planned, as `{now.api.generation}`: every change of what it is to be makes a new one. Where
 * the answer to a change is lost and it has that one still, nothing came, also while its controller writes of a rollout.
 */
const Generation = z.union([z.int().min(0), z.string().regex(/^\{[^{}]+\}$/, "the generation that was read")]);
const OneDeployment = z.strictObject({ deployment: NameWritten, generation: Generation.optional() });
const OneWorkload = {
  deployment: NameWritten.optional(),
  statefulset: NameWritten.optional(),
  generation: Generation.optional(),
};
const oneWorkload = [saysOne(workloadKinds), "name one deployment or one statefulset"] as const;
/** The workload or pod that the plan was made for, as it was read: `{now.api.uid}`. Another of that name is left alone. */
const Uid = z.string().min(1).max(200);
/**
 * What ran when it was planned. What runs the image already is then left as it is, and counts as done; where neither of the
 * two runs, somebody else has changed it and nothing is sent.
 */
const From = z.string().min(1);
const Amounts = z.strictObject({ cpu: written(Quantity).optional(), memory: written(Quantity).optional() });

export const stepVerbs = [
  "scale",
  "undo",
  "pause",
  "resume",
  "restart",
  "setImage",
  "setResources",
  "deletePod",
] as const;

export const KubernetesStep = ofNamespace({
  scale: z
    .strictObject({
      ...OneWorkload,
      replicas: CountWritten,
      /** How many there were when it was planned: with another number nothing is sent. */
      from: CountWritten.optional(),
    })
    .refine(...oneWorkload)
    .optional(),
  /**
   * Back to a revision that is still kept and ran this image: the one that is named, by its number or its template, else the
   * newest. With `template`, as a plan read it, exactly that runs again, with its limits and all.
   */
  undo: OneDeployment.extend({
    toRevision: CountWritten.optional(),
    template: z.string().min(1).max(500).optional(),
    image: z.string().min(1),
    from: From.optional(),
  }).optional(),
  pause: OneDeployment.optional(),
  resume: OneDeployment.optional(),
  restart: OneDeployment.optional(),
  /** Lets one container run another image, given by its digest. */
  setImage: z
    .strictObject({
      ...OneWorkload,
      container: NameWritten,
      image: written(Image),
      from: From.optional(),
      uid: Uid.optional(),
    })
    .refine(...oneWorkload)
    .optional(),
  /** What one container asks for and may use at most; what is left out stays. */
  setResources: z
    .strictObject({
      ...OneWorkload,
      container: NameWritten,
      requests: Amounts.optional(),
      limits: Amounts.optional(),
      uid: Uid.optional(),
    })
    .refine(...oneWorkload)
    .refine(({ requests, limits }) => Object.keys({ ...requests, ...limits }).length > 0, "say requests or limits")
    .optional(),
  /** One pod, which has to be the one that was read. */
  deletePod: z.strictObject({ pod: NameWritten, uid: Uid }).optional(),
}).refine(saysOne(stepVerbs), `say one of ${stepVerbs.join(", ")}`);
export type KubernetesStep = z.output<typeof KubernetesStep>;

/** What it refers to. Only an amount may be left out, which then stays as it is. */
export function stepPlaceholders(spec: KubernetesStep): Placeholder[] {
  const { requests, limits, ...named } = spec.setResources ?? {};
  const others = stepVerbs.flatMap((verb) => (verb === "setResources" ? [] : Object.values(spec[verb] ?? {})));
  return [
    ...placeholdersOf([...others, ...Object.values(named)], true),
    ...placeholdersOf([...Object.values(requests ?? {}), ...Object.values(limits ?? {})], false),
  ];
}

/** The generation that its workload had when it was planned; undefined where the step does not say it. */
export function plannedGeneration(spec: KubernetesStep): number | undefined {
  const { scale, undo, pause, resume, restart, setImage, setResources } = spec;
  const said = (scale ?? undo ?? pause ?? resume ?? restart ?? setImage ?? setResources)?.generation;
  return said === undefined ? undefined : z.int().parse(said);
}

/** With the arguments in place. Throws UserError for what they come to that is none of what it has to be. */
export function filledStep(spec: KubernetesStep, values: PlanValues): KubernetesStep {
  const filled = stepVerbs.flatMap((verb) => {
    const said = spec[verb];
    return said === undefined ? [] : [[verb, filledParts(said, values)] as const];
  });
  const read = KubernetesStep.safeParse({ ...spec, ...Object.fromEntries(filled) });
  if (read.success) return read.data;
  const said = read.error.issues[0]?.message ?? "it cannot be read";
  throw new UserError(`${said.slice(0, 1).toUpperCase()}${said.slice(1)}, so nothing was planned.`);
}

function filledParts(said: object, values: PlanValues): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(said).flatMap(([key, value]: [string, unknown]): [string, unknown][] => {
      if (typeof value === "object" && value !== null) {
        const parts = filledParts(value, values);
        return Object.keys(parts).length === 0 ? [] : [[key, parts]];
      }
      if (typeof value !== "string") return [[key, value]];
      const isName = ["deployment", "statefulset", "container", "pod"].includes(key);
      const isText = ["image", "template", "cpu", "memory"].includes(key);
      const whole = isName ? fillName(value, values) : fillText(value, values);
      if (whole === undefined) return [];
      return [[key, isText ? textOfDatum(whole) : whole]];
    }),
  );
}
