import fc from "fast-check";
import { expect, it } from "vitest";
import { type CameIn, type Episode, type EventOutcome, withReport } from "../../../src/domain/alerts/episode.ts";
import { addOutcomes, ledgerFault, sumOf } from "../../../src/domain/alerts/ledger.ts";
import { type ReportedAlert, reportedAlert } from "../../../src/domain/alerts/reported-alert.ts";
import { postedAlert } from "../../fakes/posted-alerts.ts";

const cameIn: CameIn = { sender: "am", system: "logos", at: 1_000, batch: "b1" };
const starts = ["2026-01-01T00:00:00.001Z", "2026-01-01T00:00:00.002Z"] as const;

function report(raw: Record<string, unknown>): ReportedAlert {
  const read = reportedAlert(raw, Date.UTC(2026, 0, 2));
  if ("unusable" in read) throw new Error(read.unusable);
  return read;
}

/** What was told of some alerts, in some order, as the episodes it comes to. */
function endOf(reports: readonly ReportedAlert[]): {
  readonly ends: Record<string, unknown>;
  readonly outcomes: readonly EventOutcome[];
  readonly episodes: readonly Episode[];
} {
  const episodes = new Map<string, Episode>();
  const outcomes = reports.map((each) => {
    const { episode, outcome } = withReport(episodes.get(each.startsAt), each, cameIn);
    episodes.set(each.startsAt, episode);
    return outcome;
  });
  const ends = [...episodes]
    .map(([start, { state, endedAt }]) => [start, { state, endedAt }] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { ends: Object.fromEntries(ends), outcomes, episodes: [...episodes.values()] };
}

const reports = fc.array(
  fc.record({
    startsAt: fc.constantFrom(...starts),
    ended: fc.option(fc.constantFrom("2026-01-01T01:00:00Z", "2026-01-01T02:00:00Z"), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 12 },
);

it("any order and any repetition of what is told of an alert comes to the same end, and each has one outcome", () => {
  fc.assert(
    fc.property(
      reports.chain((told) =>
        fc.tuple(fc.constant(told), fc.shuffledSubarray([...told, ...told], { minLength: 2 * told.length })),
      ),
      ([told, shuffled]) => {
        const asReports = (each: typeof told): ReportedAlert[] =>
          each.map(({ startsAt, ended }) =>
            report(postedAlert({ startsAt, ...(ended && { status: "resolved", endsAt: ended }) })),
          );
        const [once, again] = [endOf(asReports(told)), endOf(asReports(shuffled))];
        expect(again.ends).toEqual(once.ends);
        expect(again.episodes.reduce((sum, each) => sum + sumOf(each.told), 0)).toBe(shuffled.length);
        // Told all over again, nothing is new.
        const twice = endOf([...asReports(told), ...asReports(told)]).outcomes.slice(told.length);
        expect(twice.filter((outcome) => outcome === "recorded")).toEqual([]);
      },
    ),
  );
});

it("an end holds for its own beginning only", () => {
  const [first, second] = starts;
  const { ends, outcomes } = endOf([
    report(postedAlert({ startsAt: first, status: "resolved", endsAt: "2026-01-01T01:00:00Z" })),
    report(postedAlert({ startsAt: first })),
    report(postedAlert({ startsAt: second })),
  ]);
  expect(ends).toMatchObject({ [first]: { state: "resolved" }, [second]: { state: "firing" } });
  expect(outcomes).toEqual(["recorded", "outOfOrder", "recorded"]);
});

it("what changes in the words of an alert is new, and what comes after its end changes nothing of it", () => {
  const told = (summary: string, more: object = {}): ReportedAlert =>
    report(postedAlert({ annotations: { summary }, ...more }));
  const over = { status: "resolved", endsAt: "2026-01-01T01:00:00Z" };
  const { outcomes, episodes } = endOf([told("80 %"), told("90 %"), told("91 %", over), told("95 %")]);
  expect(outcomes).toEqual(["recorded", "recorded", "recorded", "outOfOrder"]);
  expect(episodes[0]?.annotations).toEqual({ summary: "91 %" });
});

it.each([
  [{ events: 3, next: 3 }, [0, 2], undefined],
  [{ events: 4, next: 4 }, [0, 2], "it told of 4 alerts, and 3 have a row"],
  [{ events: 3, next: 3 }, [0, 3], "alert 2 has no row"],
  [{ events: 3, next: 3 }, [0, 1], "alert 1 has two rows"],
])("the books of %o with rows from %o: %s", (batch, from, fault) => {
  const outcomes = { recorded: 2, duplicate: 1, outOfOrder: 0, unmatched: 0, quarantined: 0 };
  const runs = [
    { from: from[0] ?? 0, events: [["recorded", "a"] as const, ["duplicate", "a"] as const] },
    { from: from[1] ?? 0, events: [["recorded", "b"] as const] },
  ];
  expect(ledgerFault({ ...batch, outcomes }, runs)).toBe(fault);
});

it("rows that say something else than the batch does do not balance", () => {
  const outcomes = { recorded: 0, duplicate: 1, outOfOrder: 0, unmatched: 0, quarantined: 0 };
  const runs = [{ from: 0, events: [["recorded", "a"] as const] }];
  expect(ledgerFault({ events: 1, next: 1, outcomes }, runs)).toContain("1 alerts are recorded by their rows, and 0");
  expect(addOutcomes(outcomes, outcomes).duplicate).toBe(2);
});

const [firing, over] = [
  postedAlert({ startsAt: starts[0] }),
  postedAlert({ startsAt: starts[0], status: "resolved", endsAt: "2026-01-01T01:00:00Z" }),
];

it.each<[string, readonly (readonly [Record<string, unknown>, Partial<CameIn>])[], string, string]>([
  [
    "an end that was found by looking",
    [
      [firing, {}],
      [over, { lookedAt: 1_500 }],
    ],
    "recorded",
    "resolved unsent",
  ],
  [
    "what fires after an end that was only found",
    [
      [firing, {}],
      [over, { lookedAt: 1_500 }],
      [firing, {}],
    ],
    "recorded",
    "firing",
  ],
  [
    "an end that is sent after it was found",
    [
      [firing, {}],
      [over, { lookedAt: 1_500 }],
      [over, {}],
    ],
    "recorded",
    "resolved",
  ],
  [
    "what fires with the same beginning while reports may overtake each other",
    [
      [over, {}],
      [firing, { at: 120_999 }],
    ],
    "outOfOrder",
    "resolved",
  ],
  [
    "what fires with the same beginning long after its end was told",
    [
      [firing, {}],
      [over, {}],
      [firing, { at: 121_000 }],
    ],
    "recorded",
    "firing",
  ],
  [
    "an end that is told once more after that",
    [
      [over, {}],
      [firing, { at: 121_000 }],
      [over, { at: 122_000 }],
    ],
    "recorded",
    "resolved",
  ],
  [
    "what was accepted before the end and is put on record after it",
    [
      [over, { at: 300_000 }],
      [firing, { at: 1_000 }],
    ],
    "outOfOrder",
    "resolved",
  ],
  [
    "what is found to fire after its end",
    [
      [over, {}],
      [firing, { lookedAt: 1_500 }],
    ],
    "recorded",
    "firing",
  ],
  [
    "a look older than what was sent",
    [
      [over, {}],
      [firing, { lookedAt: 900 }],
    ],
    "outOfOrder",
    "resolved",
  ],
  [
    "an end older than what was sent",
    [
      [firing, {}],
      [over, { lookedAt: 900 }],
    ],
    "outOfOrder",
    "firing",
  ],
  [
    "what is found to fire and does",
    [
      [firing, {}],
      [firing, { lookedAt: 1_500 }],
    ],
    "duplicate",
    "firing",
  ],
  [
    "an end found of what is over",
    [
      [over, {}],
      [over, { lookedAt: 1_500 }],
    ],
    "duplicate",
    "resolved",
  ],
])("%s", (_, told, outcome, state) => {
  let standing: Episode | undefined;
  let last: EventOutcome | undefined;
  for (const [raw, more] of told) {
    const step = withReport(standing, report(raw), { ...cameIn, ...more });
    [standing, last] = [step.episode, step.outcome];
  }
  expect(last).toBe(outcome);
  expect(`${standing?.state}${standing?.unsent ? " unsent" : ""}`).toBe(state);
  expect(standing?.endedAt).toBe(standing?.state === "firing" ? undefined : Date.UTC(2026, 0, 1, 1));
});
