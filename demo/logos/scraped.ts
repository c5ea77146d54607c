import type { Exposed, Target } from "../prometheus/scrape.ts";
import { containerExposition, servedNames, serviceExposition } from "./exposition.ts";

/** What Prometheus scrapes: each service that answers requests, and cAdvisor. A service that does not run exposes nothing. */
export function targetsOf(
  running: () => ReadonlyMap<string, number>,
  isReached: (service: (typeof servedNames)[number]) => boolean,
): readonly Target[] {
  const services = servedNames.map((name) =>
    target(name, () => {
      const containers = isReached(name) ? (running().get(name) ?? 0) : 0;
      return (at) => (containers === 0 ? undefined : serviceExposition(name, containers, at));
    }),
  );
  return [
    ...services,
    target("cadvisor", () => {
      const now = running();
      return (at) => containerExposition(now, at);
    }),
  ];
}

/** `look` sees once what runs, and tells what that exposes at any moment. */
function target(job: string, look: () => Target["read"]): Target {
  return {
    job,
    instance: `${job}-1`,
    read: (at) => look()(at),
    *past({ from, to, everyMs }): Generator<Exposed> {
      const read = look();
      if (read(from) === undefined) return;
      for (let at = from; at <= to; at += everyMs) yield { at, text: () => read(at) ?? "" };
    },
  };
}
