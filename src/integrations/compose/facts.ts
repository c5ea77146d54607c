import { z } from "zod";
import type { Datum } from "../../domain/systems/exact.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { namesOf, releaseWords } from "../../domain/systems/release-words.ts";
import { redact } from "../../domain/text/redact.ts";
import type { Container } from "./containers.ts";
import { nonsense } from "./engine.ts";
import type { StackRounds } from "./rounds.ts";
import { containersOf, imageId, unwell } from "./services.ts";
import { ofStack, Service, type Stack } from "./stack.ts";

const ServiceFact = ofStack({ service: Service, of: z.enum(["image", "id", "state", "health", "status"]) });
const RunsFact = ofStack({ runs: z.strictObject({}) });
const ReleaseFact = ofStack({ oneRelease: z.array(Service).min(2) });

export const ComposeFact = z.strictObject({
  /**
   * `image` is the name that it was made from, `id` the digest of what runs. `runs` is of all services: whether their containers
   * are of the images that the files name, or of which others. `oneRelease` is of those that are released together: whether their
   * containers are of images with one tag, or which of them with which.
   */
  compose: z.union([ServiceFact, RunsFact, ReleaseFact]),
});

/** What `runs` says where nothing differs; `expect` names it. */
const asNamed = "what the files name";

/** A word about a service, or about all of them. Throws BackendError. */
export async function stackFact(
  rounds: StackRounds,
  { compose: asked }: z.output<typeof ComposeFact>,
  look: Look,
): Promise<Taken<Datum>> {
  if ("oneRelease" in asked) return { value: await whichReleases(rounds, asked, look) };
  return { value: await ("runs" in asked ? whatRuns(rounds, asked, look) : serviceFact(rounds, asked, look)) };
}

/** What has no container runs no release. Throws BackendError. */
async function whichReleases(rounds: StackRounds, asked: z.output<typeof ReleaseFact>, look: Look): Promise<string> {
  const all = await Promise.all(asked.oneRelease.map((service) => containersOf(rounds, { ...asked, service }, look)));
  return releaseWords(all.flat().map(({ service, image }) => ({ name: service, release: tagOf(image) ?? "no tag" })));
}

/** A word about a service, on which all its containers agree. */
async function serviceFact(rounds: StackRounds, asked: z.output<typeof ServiceFact>, look: Look): Promise<string> {
  const of = await containersOf(rounds, asked, look);
  const words = new Set(of.map((each) => (asked.of === "id" ? imageId(each) : each[asked.of])));
  const [word] = words;
  if (word === undefined) throw unwell(asked, "missing", `${asked.service} has no container`);
  if (words.size > 1)
    throw nonsense(asked, `told of containers of ${asked.service} that differ: ${[...words].slice(0, 3).join(", ")}`);
  if (word === "") throw unwell(asked, "missing", `nothing tells the ${asked.of} of ${asked.service}`);
  return word;
}

function tagOf(image: string): string | undefined {
  return /:([^:/]+)$/.exec(image.replace(/@.*$/, ""))?.[1];
}

/** `2.4.1 in gateway and gui instead of 2.4.0`. */
async function whatRuns(rounds: StackRounds, asked: Stack, look: Look): Promise<string> {
  const [files, all] = await Promise.all([rounds.files(asked, look), rounds.containers(asked, look)]);
  const differing = new Map<
    string,
    { readonly runs: string; readonly named: string; readonly services: Set<string> }
  >();
  for (const container of all) {
    const [runs, named] = difference(container, files.get(container.service)?.image ?? "no image") ?? [];
    if (runs === undefined || named === undefined) continue;
    const alike = differing.get(`${runs} ${named}`) ?? { runs, named, services: new Set() };
    differing.set(`${runs} ${named}`, alike);
    alike.services.add(container.service);
  }
  const told = [...differing.values()].map(
    ({ runs, named, services }) => `${runs} in ${namesOf([...services])} instead of ${named}`,
  );
  return told.length === 0 ? asNamed : told.join("; ");
}

/** What runs and what is named, as short as still tells them apart; undefined where they are the same. */
function difference({ image }: Container, written: string): readonly [string, string] | undefined {
  const named = redact(written);
  if (image === named) return undefined;
  const [runs, files] = [image, named].map((each) => /([^/:@]+):([^/:@]+)(?:@|$)/.exec(each)?.slice(1));
  const isTagged = runs?.[0] !== undefined && runs[0] === files?.[0] && runs[1] !== files[1];
  return isTagged ? [runs[1] ?? image, files[1] ?? named] : [image, named];
}
