import type { Slot } from "../people/policy.ts";

/** A person as the matching sees them: the roles through which they hold `approve` for the system in question. */
export interface Candidate {
  readonly id: string;
  readonly roles: readonly string[];
}

/**
 * Can these slots be filled by these people, each person in one place at most? A person counts once however often they
 * are listed, and whichever order people and slots come in the answer is the same: it is a bipartite matching, not a
 * greedy pick, so one person who holds two roles never blocks a pair that would do. No slots are always filled.
 */
export function fillSlots(slots: readonly Slot[], people: readonly Candidate[]): boolean {
  return missingSlots(slots, people).length === 0;
}

/**
 * The slots that stay open when as many places as possible are filled, with how many people each still needs; one entry
 * a role, sorted by role. Where the people could fill one of several slots, roles earlier in the alphabet are filled
 * first, so the answer never depends on the order of people or slots.
 */
export function missingSlots(slots: readonly Slot[], people: readonly Candidate[]): Slot[] {
  const matching = new Matching(people);
  const open = new Map<string, number>();
  for (const role of seatsByRole(slots)) {
    if (!matching.seat(role)) open.set(role, (open.get(role) ?? 0) + 1);
  }
  return [...open].map(([role, count]) => ({ role, count }));
}

/** One role name for every place to fill, sorted. */
function seatsByRole(slots: readonly Slot[]): string[] {
  return slots.flatMap(({ role, count }) => Array.from({ length: count }, () => role)).toSorted(byCodeUnit);
}

/** Code units, not the reader's language: replicas with different locales must agree. */
function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A maximum matching grown one place at a time by augmenting paths (Kuhn): a place once filled stays filled. */
class Matching {
  readonly #holders: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #placeOf = new Map<string, string>();

  constructor(people: readonly Candidate[]) {
    const holders = new Map<string, Set<string>>();
    for (const { id, roles } of people) {
      for (const role of roles) holders.set(role, (holders.get(role) ?? new Set()).add(id));
    }
    this.#holders = holders;
  }

  /** Finds a person for one more place of this role, moving others between the roles they hold where that helps. */
  seat(role: string, asked = new Set<string>()): boolean {
    for (const person of this.#holders.get(role) ?? []) {
      if (asked.has(person)) continue;
      asked.add(person);
      const held = this.#placeOf.get(person);
      if (held === undefined || this.seat(held, asked)) {
        this.#placeOf.set(person, role);
        return true;
      }
    }
    return false;
  }
}
