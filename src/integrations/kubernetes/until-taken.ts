import { BackendError } from "../../domain/failure.ts";
import { changeWords } from "../../domain/systems/change-words.ts";
import type { StepEnd } from "../../domain/systems/steps.ts";
import { imagesOf, imagesText } from "./images.ts";
import type { KubeWorkload } from "./objects.ts";
import { templateId } from "./template-id.ts";
import { resourcesOf, type WorkloadRef } from "./workload.ts";

/** How often it is read anew: its controller writes into it, too, while a rollout goes on. */
const mostTries = 4;

/** What of a workload a change is about: whatever else is written into it meanwhile is no concern of it. */
export type Concern = "replicas" | "paused" | "template";

const concerns = {
  replicas: { title: "how many pods it is to have", fields: ["replicas"] },
  paused: { title: "whether its rollout is paused", fields: ["paused"] },
  template: { title: "what its pods are made from", fields: ["paused", "image", "resources", "template"] },
} as const;

interface Attempts {
  readonly ref: WorkloadRef;
  readonly about: Concern;
  readonly read: () => Promise<KubeWorkload>;
  /** Judges the workload as it was read, and sends what is held to that. */
  readonly attempt: (workload: KubeWorkload) => Promise<StepEnd>;
}

/**
 * Reads, judges and sends what is held to the version that was read. Where something was written in between, nothing was changed:
 * it is read and judged anew. Where that does not end, it says what was written. Throws BackendError.
 */
export async function untilTaken({ ref, about, read, attempt }: Attempts): Promise<StepEnd> {
  const first = await read();
  let workload = first;
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(workload);
    } catch (error) {
      const status = error instanceof BackendError ? error.status : undefined;
      if (status !== 409 && status !== 422) throw error;
      const now = await read();
      // A patch that tests what was read is answered as one that is wrong.
      if (status === 422 && versionOf(now) === versionOf(workload)) throw error;
      if (tries >= mostTries) return { outcome: "refused", detail: crossedWords(ref, about, { first, now }) };
      workload = now;
    }
  }
}

function versionOf({ metadata: { uid, generation } }: KubeWorkload): string {
  return `${uid} ${generation ?? ""}`;
}

function crossedWords({ kind, name }: WorkloadRef, about: Concern, { first, now }: Crossed): string {
  const what = `${kind} ${name}`;
  if (first.metadata.uid !== now.metadata.uid)
    return `${what} was made anew by somebody else meanwhile, so nothing was changed: look at it, and ask again`;
  const { title, fields } = concerns[about];
  const isOf = new Set<string>(fields);
  const changed = changeWords(
    stateOf(first, (field) => isOf.has(field)),
    stateOf(now, (field) => isOf.has(field)),
  );
  if (changed !== "")
    return `${what} was changed by somebody else meanwhile (${changed}), so nothing was changed: look at it, and ask again`;
  const others = changeWords(
    stateOf(first, (field) => !isOf.has(field)),
    stateOf(now, (field) => !isOf.has(field)),
  );
  const written = others === "" ? "nothing but how it is" : others;
  return `${what} was written to each of the ${mostTries} times that this was sent (${written}), so nothing was changed. Nobody changed ${title}: ask again, best once its rollout stands still`;
}

interface Crossed {
  readonly first: KubeWorkload;
  readonly now: KubeWorkload;
}

/** What it is to be, as far as a change may be about it. */
function stateOf({ spec }: KubeWorkload, isAsked: (field: string) => boolean): object {
  const { replicas = 1, paused = false, template } = spec;
  const image = imagesText(imagesOf(template));
  const all = { replicas, paused, image, resources: resourcesOf(template), template: templateId(template) };
  return Object.fromEntries(Object.entries(all).filter(([field]) => isAsked(field)));
}
