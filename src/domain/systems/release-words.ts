/** What is said where all that is released together runs one release; `expect` names it. */
const oneForAll = "one for all";

/** What one of several that are released together runs, in words. */
export interface Released {
  readonly name: string;
  readonly release: string;
}

/** Which release runs of what is released together, and where they differ which of them runs what: `2.4.0 in gateway, 2.4.1 in 4 services`. */
export function releaseWords(running: readonly Released[]): string {
  const names = new Map<string, Set<string>>();
  for (const { name, release } of running) names.set(release, (names.get(release) ?? new Set()).add(name));
  if (names.size <= 1) return oneForAll;
  return [...names].map(([release, of]) => `${release} in ${namesOf([...of])}`).join(", ");
}

const mostNames = 2;

/** `gateway and gui`, or how many where they are more. */
export function namesOf(services: readonly string[]): string {
  return services.length > mostNames ? `${services.length} services` : services.join(" and ");
}
