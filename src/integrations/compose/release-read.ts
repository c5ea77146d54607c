import { z } from "zod";
import { UserError } from "../../domain/failure.ts";
import { textOfDatum } from "../../domain/systems/exact.ts";
import { fillText, type PlanValues } from "../../domain/systems/placeholders.ts";
import type { Look } from "../../domain/systems/reading.ts";
import type { StepValue } from "../../domain/systems/steps.ts";
import { shortDigests } from "../../domain/text/digests.ts";
import { counted } from "../../domain/text/quantities.ts";
import { type Container, isWell, stateWords, wellWords, worstOf } from "./containers.ts";
import type { StackRounds } from "./rounds.ts";
import { type Stack, serviceName } from "./stack.ts";

/** `gateway=shop/gateway@sha256:… gui=…`, with the arguments in place. Throws UserError for what is not written like that. */
export function filledRelease(written: string, values: PlanValues): string {
  const text = textOfDatum(fillText(written, values)) ?? "";
  if (text.split(" ").every((each) => entryOf(each).length === 1)) return text;
  throw new UserError("The images are to be written as service=image, with a space between, so nothing was planned.");
}

/** A service with its image. */
type Entry = readonly [string, string];

/** None where it is not written as one. */
function entryOf(text: string): Entry[] {
  const [, name, image] = /^([^=\s]+)=(\S+)$/.exec(text) ?? [];
  return name !== undefined && image !== undefined && serviceName.test(name) ? [[name, image]] : [];
}

/** What is told of a release, as far as words need it. */
const Release = z.looseObject({ well: z.boolean(), why: z.string(), services: z.int() });

/** How a release stands, for a card that follows it; undefined for what is none. */
export function releaseStanding(value: StepValue): string | undefined {
  const release = Release.safeParse(value).data;
  if (!release) return undefined;
  return release.why === "" ? `${counted(release.services, "service")} well` : release.why;
}

/**
 * How every service of the files is while a release is watched. `other`: one that was released has a container of another image, as after a
 * rollback, so that it is that release no more. Throws BackendError.
 */
export async function readRelease(
  rounds: StackRounds,
  asked: Stack & { readonly release: string },
  look: Look,
): Promise<StepValue> {
  const [files, all] = await Promise.all([rounds.files(asked, look), rounds.containers(asked, look)]);
  const released = new Map(asked.release.split(" ").flatMap(entryOf));
  const services = [...files.keys()].map((name) => {
    const of = all.filter(({ service }) => service === name);
    const image = released.get(name);
    const other = image === undefined ? undefined : of.find((each) => each.image !== image);
    return {
      other: other !== undefined,
      why: other ? otherWords(name, other, image ?? "") : illWords(asked, name, of),
    };
  });
  return {
    well: services.every(({ why }) => why === ""),
    other: services.some(({ other }) => other),
    why: services.flatMap(({ why }) => (why === "" ? [] : [why])).join("; "),
    services: services.length,
  };
}

function otherWords(name: string, { image }: Container, released: string): string {
  return `${name} runs ${shortDigests(image)}, not ${shortDigests(released)}: another image was rolled out since`;
}

/** Why it is not well; empty where it is. */
function illWords(stack: Stack, name: string, of: readonly Container[]): string {
  const worst = worstOf(of);
  if (!worst) return `${name} has no container`;
  return isWell(worst) ? "" : `${name}: ${wellWords(of)}; ${stateWords(stack, worst)}`;
}
