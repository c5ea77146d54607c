import { z } from "zod";
import { nonsense } from "./engine.ts";
import type { Stack } from "./stack.ts";

const Port = z.object({ published: z.union([z.string(), z.int()]).optional() });
const FileService = z.object({
  image: z.string().optional(),
  pull_policy: z.string().nullish(),
  deploy: z.object({ replicas: z.int().min(0).nullish() }).nullish(),
  scale: z.int().min(0).nullish(),
  container_name: z.string().optional(),
  ports: z.array(Port).nullish(),
});
const Files = z.object({
  services: z.record(z.string(), FileService),
  volumes: z.record(z.string(), z.object({ name: z.string() }).nullable()).nullish(),
});

/** What the files of a stack say of a service. Their environment holds secrets and is not kept. */
export interface ServiceInFiles {
  readonly image: string | undefined;
  /** Whether its image is fetched anew though one of that name is here. */
  readonly pullsAnew: boolean;
  /** How many containers it is to have. */
  readonly replicas: number;
  /** At most so many containers it can have, because each needs a port or a name of its own; undefined without such a limit. */
  readonly most: number | undefined;
}

export type StackFiles = ReadonlyMap<string, ServiceInFiles>;

/** What `docker compose config` makes of the files. Throws BackendError. */
export function filesIn(stack: Stack, text: string): StackFiles {
  const files = Files.safeParse(jsonOf(text)).data;
  if (!files) throw nonsense(stack, "printed its files in a form that is not known");
  return new Map(
    Object.entries(files.services).map(
      ([name, { image, pull_policy: policy, deploy, scale, container_name: fixed, ports }]) => [
        name,
        {
          image,
          pullsAnew: !fetchesMissing.includes(policy ?? "missing"),
          replicas: deploy?.replicas ?? scale ?? 1,
          most: least([...(fixed === undefined ? [] : [1]), ...(ports ?? []).flatMap(portsOf)]),
        },
      ],
    ),
  );
}

/** Policies that leave an image as it is where it is here. Every other one fetches or builds it. */
const fetchesMissing: readonly string[] = ["missing", "if_not_present", "never"];

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How many containers find a port: one for a fixed port, more for a range, and any number where docker chooses. */
function portsOf({ published }: z.output<typeof Port>): number[] {
  if (published === undefined || published === "" || published === 0 || published === "0") return [];
  const [first = "", last = first] = String(published).split("-");
  return [Math.max(1, Number(last) - Number(first) + 1)];
}

function least(counts: readonly number[]): number | undefined {
  return counts.length === 0 ? undefined : Math.min(...counts);
}
