import { type EventOutcome, eventOutcomes, type OutcomeCounts } from "./episode.ts";

/** What became of a run of alerts of one batch, from its place in the batch on. */
interface Run {
  readonly from: number;
  readonly events: readonly (readonly [EventOutcome, string])[];
}

/** A batch, as far as its books are concerned. */
interface Booked {
  readonly events: number;
  readonly next: number;
  readonly outcomes: OutcomeCounts;
}

/**
 * What is wrong with the books of a batch of which all is said to be on record: every alert of it has exactly one row, and
 * rows of each outcome are as many as the batch says. Undefined where they balance.
 */
export function ledgerFault({ events, outcomes }: Booked, runs: readonly Run[]): string | undefined {
  let next = 0;
  const counts = new Map<EventOutcome, number>();
  for (const run of runs.toSorted((a, b) => a.from - b.from)) {
    if (run.from !== next) return `alert ${Math.min(run.from, next)} has ${run.from > next ? "no row" : "two rows"}`;
    next += run.events.length;
    for (const [outcome] of run.events) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  if (next !== events) return `it told of ${events} alerts, and ${next} have a row`;
  const odd = eventOutcomes.find((outcome) => (counts.get(outcome) ?? 0) !== outcomes[outcome]);
  return odd && `${counts.get(odd) ?? 0} alerts are ${odd} by their rows, and ${outcomes[odd]} by the batch`;
}

/** How many events have their outcome. */
export function sumOf(outcomes: OutcomeCounts): number {
  return eventOutcomes.reduce((sum, outcome) => sum + outcomes[outcome], 0);
}

export function addOutcomes(a: OutcomeCounts, b: OutcomeCounts): OutcomeCounts {
  return {
    recorded: a.recorded + b.recorded,
    duplicate: a.duplicate + b.duplicate,
    outOfOrder: a.outOfOrder + b.outOfOrder,
    unmatched: a.unmatched + b.unmatched,
    quarantined: a.quarantined + b.quarantined,
  };
}

/** `3 told something new, 2 told what was known`. */
export function eventOutcomeWords(outcomes: OutcomeCounts): string {
  const words = {
    recorded: "told something new",
    duplicate: "told what was known",
    outOfOrder: "came out of order",
    unmatched: "ended or acknowledged what does not fire",
    quarantined: "in quarantine",
  } as const;
  const said = eventOutcomes.flatMap((each) => (outcomes[each] > 0 ? [`${outcomes[each]} ${words[each]}`] : []));
  return said.length > 0 ? said.join(", ") : "none yet";
}
