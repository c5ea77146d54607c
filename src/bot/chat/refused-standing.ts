import type { Standing } from "../../domain/people/directory.ts";

type RefusedStanding = Extract<Standing, { ok: false }>;

/** The platform does not vouch for the account. `why` and `remedy` are what its owner is told. */
export function refusedStanding(why: string, remedy: string): RefusedStanding {
  return { ok: false, why, remedy };
}

export const botStanding = refusedStanding("Bots may not ask or decide anything.", "Ask as a person.");
