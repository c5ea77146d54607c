import type { StepEnd } from "../../domain/systems/steps.ts";
import { askEngine, callEngine, callFault } from "./engine.ts";
import type { Stack } from "./stack.ts";

/** Each of the questions whether an image is here. */
const askMs = 3_000;

const nothingElse = "no container and no file was changed";

/**
 * Fetches images by their digests, one after the other, those that are not here. Whatever comes of it, nothing names them and nothing runs
 * them: what did not come to its end has changed nothing. Never rejects.
 */
export async function fetchImages(
  stack: Stack & { readonly timeoutMs: number },
  images: readonly string[],
): Promise<StepEnd> {
  const until = performance.now() + stack.timeoutMs;
  let fetched = 0;
  for (const image of images) {
    if (await isHere(stack, image)) continue;
    const call = {
      args: ["pull", image],
      timeoutMs: Math.max(1, Math.ceil(until - performance.now())),
      ofEngine: true,
    };
    const fault = callFault(await callEngine(stack, call), call);
    if (fault) return { outcome: "refused", detail: `${fault.said}; ${nothingElse}` };
    fetched += 1;
  }
  return {
    outcome: "done",
    detail: fetched === 0 ? "nothing to fetch: all of it is here" : `fetched ${fetched} of ${images.length}`,
  };
}

/** Whether images that were to be fetched are here. Never rejects. */
export async function fetchedBy(stack: Stack, images: readonly string[]): Promise<StepEnd> {
  for (const image of images)
    if (!(await isHere(stack, image)))
      return { outcome: "refused", detail: `not all of its images are here; ${nothingElse}` };
  return { outcome: "done", detail: "all of its images are here" };
}

/** One that cannot be asked about counts as not here. */
async function isHere(stack: Stack, image: string): Promise<boolean> {
  try {
    const args = ["image", "inspect", "--format", "{{.Id}}", image];
    const id = await askEngine(stack, { args, timeoutMs: askMs, ofEngine: true });
    return /^sha256:[0-9a-f]{64}$/.test(id.trim());
  } catch {
    return false;
  }
}
