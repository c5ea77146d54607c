import type { Account } from "./person.ts";

/** What a platform says of one of its accounts. Nothing about rights: those are the policy's. */
export type Standing =
  | {
      readonly ok: true;
      /** Ids of the groups of its platform that it is in. */
      readonly groups: readonly string[];
    }
  /** Gone, a bot, a guest, or of another workspace: it may do nothing, whoever owns it. */
  | { readonly ok: false; readonly why: string; readonly remedy: string };

/** How an account is asked about. */
export interface StandingAsked {
  readonly maxAgeMs: number;
  /**
   * For what nothing may hold up: a platform that has not answered within a second counts as silent, and what it said in the
   * last day stands in for its answer.
   */
  readonly atOnce?: true;
}

/** Asks a platform about its accounts. */
export interface Directory {
  /**
   * The account as the platform sees it, at most `maxAgeMs` old; 0 asks now. Rejects with BackendError when the platform
   * does not answer: what cannot be read is never "no groups".
   */
  standing(account: Account, options: StandingAsked): Promise<Standing>;
}
