import fc from "fast-check";

const who = fc.constantFrom("ana", "boris", "boris", "chen", "dana", "emil", "emil", "gina");
const verb = fc.constantFrom("approve", "approve", "approve", "approve", "deny", "withdraw", "cancel");
export const ends = ["done", "done", "done", "refused", "unknown", "dies"] as const;
/** One thing that somebody does, or that happens. */
export const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("ask" as const),
      who: fc.constantFrom("ana", "chen"),
      name: fc.constantFrom("flatten", "flatten", "other", "api", "ipfs", "stop", "undo", "reset"),
    }),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constant("decide" as const),
      who,
      verb,
      nth: fc.constantFrom(0, 0, 0, 1),
      delivery: fc.constantFrom("new", "new", "d1", "d2"),
      channel: fc.constantFrom("ops", "ops", "ops", "trading", "quiet"),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("claim" as const),
      nth: fc.constantFrom(0, 0, 1),
      drift: fc.constantFrom(false, false, false, true),
      act: fc.constantFrom(...ends),
      verify: fc.constantFrom(...ends),
      /** How many steps it gets to before its process is gone. */
      lives: fc.constantFrom(0, 1, 2, 2, 2),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("goOn" as const),
      nth: fc.constantFrom(0, 0, 1),
      act: fc.constantFrom(...ends),
      verify: fc.constantFrom(...ends),
      lives: fc.constantFrom(1, 2, 2),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(1_000, 6_000, 150_000, 900_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("rules" as const),
      boris: fc.constantFrom("approver", "viewer"),
      revision: fc.constantFrom("r1", "r2"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("standing" as const),
      account: fc.constantFrom("slack:U-gina", "slack:U-gina", "console:boris", "console:ana"),
      said: fc.constantFrom("in", "in", "out", "gone", "silent"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("sweep" as const), nth: fc.nat(1) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("look" as const), nth: fc.nat(1), found: fc.constantFrom(...ends) }),
  },
);
export type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/* Ways into the deep: chance alone seldom gets two people to agree. */
const opened: Step[] = [{ do: "ask", who: "ana", name: "flatten" }];
const word = (name: "boris" | "emil", verdict: "approve" | "deny"): Step => ({
  do: "decide",
  who: name,
  verb: verdict,
  nth: 0,
  delivery: "new",
  channel: "ops",
});
const approved: Step[] = [...opened, word("boris", "approve"), word("emil", "approve")];
const run = (act: "done" | "unknown") => ({
  do: "claim" as const,
  nth: 0 as const,
  drift: false,
  act,
  verify: "done" as const,
  lives: 2 as const,
});
/** What stopped half-way, and then what undoes it, which two people agree to. */
const agreed = [word("boris", "approve"), word("emil", "approve")];
const halfWay: Step[] = [{ do: "ask", who: "ana", name: "api" }, ...agreed, { ...run("done"), verify: "refused" }];
const undone: Step[] = [...halfWay, { do: "ask", who: "ana", name: "undo" }, ...agreed];
/** What would set its system going is agreed to; then it is halted. */
const reset: Step[] = [{ do: "ask", who: "ana", name: "reset" }, ...agreed];
const stopped: Step = { do: "ask", who: "chen", name: "stop" };
export const openings: Step[][] = [
  [...reset, { ...run("unknown"), lives: 1 }, stopped, run("done"), { ...run("done"), do: "goOn" }],
  [...reset.slice(0, 2), stopped, word("emil", "approve"), { ...run("done"), nth: 1 }],
  [...reset, stopped, { ...run("done"), nth: 1 }],
  [...reset, { ...run("done"), lives: 0 }, stopped, { ...run("done"), do: "goOn", nth: 1, lives: 2 }],
  [],
  [...opened, word("boris", "deny")],
  approved,
  [...approved, run("done")],
  [...approved, run("unknown")],
  [...approved, { ...run("done"), lives: 1 }],
  [...approved, { do: "rules", boris: "approver", revision: "r2" }, run("done")],
  [...halfWay, { do: "ask", who: "ana", name: "other" }, ...agreed, run("done")],
  [...undone, run("done")],
  [...undone, { ...run("done"), verify: "refused" }, { do: "ask", who: "ana", name: "undo" }, ...agreed, run("done")],
];
