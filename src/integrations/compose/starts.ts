import { BackendError } from "../../domain/failure.ts";
import type { Look } from "../../domain/systems/reading.ts";
import type { StepValue } from "../../domain/systems/steps.ts";
import { visibleText } from "../../domain/text/undisguise.ts";
import { callEngine, callFault, nonsense } from "./engine.ts";
import type { StackRounds } from "./rounds.ts";
import { unknownService, unwell } from "./services.ts";
import { type Stack, stackName } from "./stack.ts";

/**
 * What a new container of a service would run: the image that its files name, and the id of what stands behind that name here. No
 * id where it would be fetched first: a registry gives whatever it has by then. Throws BackendError.
 */
export async function whatStarts(
  rounds: StackRounds,
  asked: Stack & { readonly starts: string },
  look: Look,
): Promise<StepValue> {
  const files = await rounds.files(asked, look);
  const said = files.get(asked.starts);
  if (!said) throw unwell(asked, "missing", unknownService(asked.starts, files.keys()));
  const { image = "", pullsAnew } = said;
  return { image, id: pullsAnew || !/^[^-\s]\S*$/.test(image) ? "" : await idOf(asked, image, look.deadlineMs) };
}

/** The id of an image; empty where it is not here. Throws BackendError. */
async function idOf(stack: Stack, image: string, timeoutMs: number): Promise<string> {
  const call = { args: ["image", "inspect", "--format", "{{.Id}}", image], timeoutMs, ofEngine: true };
  const end = await callEngine(stack, call);
  if (end.started && end.code !== 0 && /no such image/i.test(end.stderr)) return "";
  const fault = callFault(end, call);
  if (fault) throw new BackendError(stackName(stack), { fault: fault.fault, detail: fault.said });
  const id = end.started ? visibleText(end.stdout).trim() : "";
  if (/^sha256:[0-9a-f]{64}$/.test(id)) return id;
  throw nonsense(stack, "printed no id of an image");
}
