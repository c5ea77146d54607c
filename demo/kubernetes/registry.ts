import { createHash } from "node:crypto";

/** What a container of an image does: runs, ends soon after its start, never becomes ready, or cannot be pulled. */
export type Behaviour = "good" | "crash" | "unready" | "missing";

const releases = {
  "v1.4.0": "good",
  "v1.4.1": "good",
  "v1.4.2": "good",
  "v1.5.0": "crash",
  "v1.5.1": "unready",
  "v1.5.2": "good",
} as const satisfies Readonly<Record<string, Behaviour>>;

/** A version of PRSM that was ever built. v1.5.0 ends at its start and v1.5.1 never becomes ready. */
export type Release = keyof typeof releases;

export function isRelease(tag: string): tag is Release {
  return Object.hasOwn(releases, tag);
}

const repository = "registry.prsm.org/prsm";
const others = ["postgres:15.7", "redis:7.2.5", "ipfs/kubo:v0.29.0"];

/** The images there are. An image by tag does what the image by digest does. */
export class Registry {
  readonly #images = new Map<string, Behaviour>();

  constructor() {
    for (const [version, behaviour] of Object.entries(releases)) {
      this.#images.set(byDigest(`${repository}:${version}`), behaviour);
      this.#images.set(`${repository}:${version}`, behaviour);
      this.#images.set(`prsm:${version}`, behaviour);
    }
    this.#images.set("prsm:latest", "good");
    for (const image of others) this.#images.set(byDigest(image), "good").set(image, "good");
  }

  /** What is not there cannot be pulled. */
  behaviourOf(image: string): Behaviour {
    return this.#images.get(image) ?? "missing";
  }

  /** From now on the image does so. Containers that run already go on. */
  mark(image: string, behaviour: Behaviour): void {
    this.#images.set(image, behaviour);
  }
}

/** The image of a release, by digest. */
export function imageOf(release: Release): string {
  return byDigest(`${repository}:${release}`);
}

/** The release that an image is of; the image itself where it is of none that is known. */
export function releaseOf(image: string): string {
  return Object.keys(releases).find((tag) => isRelease(tag) && imageOf(tag) === image) ?? image;
}

/** `name:tag` as `name@sha256:…`: the same for every cluster, so that a test or a person can know it. */
export function byDigest(image: string): string {
  return `${image.replace(/:[^:/]*$/, "")}@sha256:${createHash("sha256").update(image).digest("hex")}`;
}
