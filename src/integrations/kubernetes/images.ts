import { shortDigests } from "../../domain/text/digests.ts";
import type { KubeTemplate } from "./objects.ts";

/** Image by container, in the order of their names: what is written otherwise is no other. */
export function imagesOf({ spec }: Pick<KubeTemplate, "spec">): Readonly<Record<string, string>> {
  const all = spec.containers.map(({ name, image = "" }) => [name, image] as const);
  return Object.fromEntries(all.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * Is every image that a new pod starts named by its digest, also of what runs before its containers? What is named by a tag is whatever
 * the registry has by then, wherever it is not kept or is always fetched.
 */
export function isPinned({
  spec,
}: {
  readonly spec: Pick<KubeTemplate["spec"], "containers" | "initContainers">;
}): boolean {
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  return all.every(({ image = "" }) => /@sha256:[0-9a-f]{64}$/.test(image));
}

/** All images as one text, which is the same only for the same images: `image`, or of several `name=image, name=image`. */
export function imagesText(images: Readonly<Record<string, string>>): string {
  const all = Object.entries(images);
  const [first] = all;
  return first && all.length === 1 ? first[1] : all.map(([name, image]) => `${name}=${image}`).join(", ");
}

/** Image by container, as `imagesText` writes them, also of one alone; undefined for an image that names no container. */
function namedImages(text: string): Readonly<Record<string, string>> | undefined {
  const parts = text.split(", ").map((part) => /^([a-z0-9]([a-z0-9-]*[a-z0-9])?)=(\S+)$/.exec(part));
  const named = parts.flatMap((part): [string, string][] => (part?.[1] && part[3] ? [[part[1], part[3]]] : []));
  return named.length === parts.length ? Object.fromEntries(named) : undefined;
}

/** The image that a text says of one container: the one below its name, else the only one that it says. */
export function imageFor(text: string, container: string): string | undefined {
  const named = namedImages(text);
  return named ? named[container] : text;
}

/**
 * Why it does not run that; undefined where it does. Containers that are named are compared by their names; an image that names
 * none is that of the only container.
 */
export function otherImage(template: Pick<KubeTemplate, "spec">, wanted: string): string | undefined {
  const images = imagesOf(template);
  const named = namedImages(wanted);
  const names = Object.keys(images);
  if (!named && names.length > 1)
    return `it has several containers (${names.join(", ")}): say which of them is to run ${shortDigests(wanted)}, as ${names[0]}=…`;
  const all = Object.entries(named ?? { [names[0] ?? ""]: wanted });
  if (all.every(([name, image]) => images[name] === image)) return undefined;
  return `it is to run ${shortDigests(imagesText(images))}, not ${shortDigests(wanted)}: it was changed meanwhile`;
}
