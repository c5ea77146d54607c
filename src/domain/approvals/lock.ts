/** A request that holds its targets: whole systems where it names none. */
export interface Holder {
  readonly request: string;
  /** What inside the system it concerns, for example `service/data-feed`. None: the whole system. */
  readonly targets: readonly string[];
}

/** Who holds what inside one system. The fence rises with every run that ever held any of it, and outlives them all. */
export interface Lock {
  readonly holders: readonly Holder[];
  readonly fence: number;
}

/** The one target of what changes nothing: whoever has it holds nothing, and waits for nobody. */
export const noTarget = "nothing";

/**
 * The holders that a run with these targets would meet. Two runs keep out of each other's way only where both name targets
 * and share none, or where one of them changes nothing.
 */
export function inTheWay(lock: Lock | undefined, targets: readonly string[]): readonly Holder[] {
  if (targets.includes(noTarget)) return [];
  return (lock?.holders ?? []).filter(
    (holder) =>
      !holder.targets.includes(noTarget) &&
      (targets.length === 0 || holder.targets.length === 0 || holder.targets.some((each) => targets.includes(each))),
  );
}

/** The lock with this holder, once. */
export function heldBy(lock: Lock | undefined, holder: Holder, fence: number): Lock {
  const others = (lock?.holders ?? []).filter(({ request }) => request !== holder.request);
  return { holders: [...others, holder], fence };
}

/** The lock without what a request held; undefined when it holds nothing. Every later fence is past those of its owners. */
export function freedOf(lock: Lock | undefined, request: string, fence: number): Lock | undefined {
  if (!lock?.holders.some((each) => each.request === request)) return undefined;
  return {
    holders: lock.holders.filter((each) => each.request !== request),
    fence: Math.max(lock.fence, fence),
  };
}
