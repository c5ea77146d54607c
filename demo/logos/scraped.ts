import type { Exposed, Target } from "../prometheus/scrape.ts";
import { containerExposition, servedNames, serviceExposition } from "./exposition.ts";

/** What Prometheus scrapes: each service that answers requests, and cAdvisor. A service that does not run exposes nothing. */
export function targetsOf(
  running: () => ReadonlyMap<string, number>,
  isReached: (service: (typeof servedNames)[number]) => boolean,
): readonly Target[] {
  const services = servedNames.map((name) =>
    target(name, (at) => {
      const containers = isReached(name) ? (running().get(name) ?? 0) : 0;
      return containers === 0 ? undefined : serviceExposition(name, containers, at);
    }),
  );
  return [...services, target("cadvisor", (at) => containerExposition(running(), at))];
}

function target(job: string, read: Target["read"]): Target {
  return {
    job,
    instance: `${job}-1`,
    read,
    *past({ from, to, everyMs }): Generator<Exposed> {
      for (let at = from; at <= to; at += everyMs) {
        const said = read(at);
        if (said !== undefined) yield { at, text: said };
      }
    },
  };
}
