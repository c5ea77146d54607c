import { ownPlanner } from "../../fakes/backends.ts";

const notAsked = () => Promise.reject(new Error("not asked"));

/** What Wardroom's own operations are planned with: nothing outside is asked for them. */
export const ownSystems = {
  health: { identify: async () => ({ is: "proven" as const }), check: notAsked },
  portfolios: { read: notAsked },
  lists: { read: notAsked },
  reads: { read: notAsked },
  planner: ownPlanner,
  rehearsals: { refusalOf: async () => undefined },
};
