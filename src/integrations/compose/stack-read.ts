import { z } from "zod";
import { argumentsIn } from "../../domain/systems/placeholders.ts";
import type { Look } from "../../domain/systems/reading.ts";
import { closeReadKind, type ReadKind } from "../../domain/systems/reads.ts";
import type { StepValue } from "../../domain/systems/steps.ts";
import { isRunning, isStopped, isWell, worstOf } from "./containers.ts";
import { filledRelease, readRelease, releaseStanding } from "./release-read.ts";
import type { StackRounds } from "./rounds.ts";
import { containerCounts, imageId } from "./services.ts";
import { ofStack, stackName } from "./stack.ts";
import { whatStarts } from "./starts.ts";
import { filledService, ServiceRef } from "./step-spec.ts";

const Nothing = z.strictObject({});

/** What is read of all services at once, each under its name; conditions pick, as `now[service]`. */
const StackRead = z.union([
  ofStack({ counts: Nothing }),
  ofStack({ containers: Nothing }),
  ofStack({ most: Nothing }),
  ofStack({ replicas: Nothing }),
  ofStack({ images: Nothing }),
  ofStack({ named: Nothing }),
  ofStack({ states: Nothing }),
  /** Of one service. */
  ofStack({ starts: ServiceRef }),
  /** Services with the image that each was released with: `gateway=shop/gateway@sha256:… gui=…`. */
  ofStack({ release: z.string().min(1).max(4_000) }),
]);
type StackRead = z.output<typeof StackRead>;

const words = {
  counts: "running containers of each service",
  containers: "containers of each service",
  most: "how many containers of each service its fixed ports allow",
  replicas: "how many containers of each service its files want",
  images: "the image of each service",
  named: "the image that its files name for each service",
  states: "the state of each service",
  starts: "what a new container would run",
  release: "the state of the release",
} as const;

function partOf(
  spec: Exclude<StackRead, { starts: string } | { release: string }>,
): Exclude<keyof typeof words, "starts" | "release"> {
  if ("counts" in spec) return "counts";
  if ("containers" in spec) return "containers";
  if ("most" in spec) return "most";
  if ("replicas" in spec) return "replicas";
  if ("named" in spec) return "named";
  return "images" in spec ? "images" : "states";
}

/** A stack as data. */
export function stackRead(rounds: StackRounds): ReadKind {
  return closeReadKind<StackRead>({
    kind: "compose",
    schema: StackRead,
    placeholders: (spec) => argumentsIn(writtenIn(spec)).map((name) => ({ name, inAddress: true })),
    resolve(spec, values) {
      if ("starts" in spec) return { ...spec, starts: filledService(spec.starts, values) };
      return "release" in spec ? { ...spec, release: filledRelease(spec.release, values) } : spec;
    },
    describe(spec) {
      if ("starts" in spec) return `${words.starts} of ${spec.starts} in ${stackName(spec)}`;
      return `${"release" in spec ? words.release : words[partOf(spec)]} of ${stackName(spec)}`;
    },
    words: releaseStanding,
    read: async (spec, look) => ({ value: await readPart(rounds, spec, look) }),
  });
}

/** What of it arguments may bring. */
function writtenIn(spec: StackRead): string {
  if ("starts" in spec) return spec.starts;
  return "release" in spec ? spec.release : "";
}

async function readPart(rounds: StackRounds, spec: StackRead, look: Look): Promise<StepValue> {
  if ("release" in spec) return readRelease(rounds, spec, look);
  if ("starts" in spec) return whatStarts(rounds, spec, look);
  switch (partOf(spec)) {
    case "counts":
      return containerCounts(rounds, spec, { look, counts: isRunning });
    case "containers":
      return containerCounts(rounds, spec, { look, counts: () => true });
    case "most": {
      const files = await rounds.files(spec, look);
      return Object.fromEntries([...files].flatMap(([name, { most }]) => (most === undefined ? [] : [[name, most]])));
    }
    case "replicas": {
      const files = await rounds.files(spec, look);
      return Object.fromEntries([...files].map(([name, { replicas }]) => [name, replicas]));
    }
    case "images":
      return images(rounds, spec, look);
    case "named": {
      const files = await rounds.files(spec, look);
      return Object.fromEntries(
        [...files].flatMap(([name, { image }]) => (image === undefined ? [] : [[name, image]])),
      );
    }
    case "states":
      return states(rounds, spec, look);
  }
}

/** Of services that have containers. `mixed`: they do not all run the same. */
async function images(rounds: StackRounds, spec: StackRead, look: Look): Promise<StepValue> {
  const all = await rounds.containers(spec, look);
  return Object.fromEntries(
    all.map((container) => {
      const ids = new Set(all.filter(({ service }) => service === container.service).map(imageId));
      const { service, image } = container;
      return [service, { image, id: imageId(container), mixed: ids.size > 1 }];
    }),
  );
}

async function states(rounds: StackRounds, spec: StackRead, look: Look): Promise<StepValue> {
  const [files, all] = await Promise.all([rounds.files(spec, look), rounds.containers(spec, look)]);
  return Object.fromEntries(
    [...files.keys()].map((name) => {
      const of = all.filter(({ service }) => service === name);
      const worst = worstOf(of);
      const { state, health } = worst ?? { state: "none", health: "" };
      return [
        name,
        {
          containers: of.length,
          running: of.filter(isRunning).length,
          stopped: of.filter(isStopped).length,
          well: of.filter(isWell).length,
          state,
          health,
        },
      ];
    }),
  );
}
