import type { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import type { Kube, KubeCall } from "./api.ts";
import { kubeList } from "./objects.ts";

/** As many as kubectl asks for at a time. */
const pageSize = 500;
/** A namespace of thousands is read in ten calls; more would keep its API busy for what somebody only looks at. */
const mostPages = 10;

interface Paged {
  readonly resource: "pods" | "events";
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * All that there is of it. The server cuts a list by name, which says nothing of what matters: part of one is never told as the
 * whole. All pages together have the time of one call. Throws BackendError, also where there is more than is read.
 */
export async function everyPage<Item extends z.ZodType>(
  kube: Kube,
  at: KubeCall,
  { resource, parameters }: Paged,
  item: Item,
): Promise<readonly z.output<Item>[]> {
  const until = performance.now() + at.deadlineMs;
  const all: z.output<Item>[] = [];
  let from = "";
  for (let page = 0; page < mostPages; page += 1) {
    const call = { ...at, deadlineMs: page === 0 ? at.deadlineMs : Math.max(1, until - performance.now()) };
    const asked = { limit: String(pageSize), ...parameters, ...(from !== "" && { continue: from }) };
    const { items, metadata } = await kube.json(call, { verb: "list", resource, parameters: asked }, kubeList(item));
    all.push(...items);
    from = metadata.continue ?? "";
    if (from === "") return all;
  }
  throw new BackendError(`namespace ${at.connection.namespace}`, {
    fault: "overloaded",
    detail: `has more than ${pageSize * mostPages} ${resource}, which is more than is read: ask for those of one workload`,
  });
}
