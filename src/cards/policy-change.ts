import { guardRemedy } from "../domain/approvals/guard-kept.ts";
import type { WaitingPolicyChange } from "../domain/people/adopted-policy.ts";

/** That the files say something else than what rules, and what it waits for, in a sentence or two. */
export function policyChangeWords({ code, ended, refused }: WaitingPolicyChange): string {
  const differ = "The people and rules in the files differ from those in force";
  if (code !== undefined) return `${differ}; request ${code} waits.`;
  if (refused !== undefined) return `${differ}, and nobody is asked to agree. ${refused} ${guardRemedy}`;
  if (ended !== undefined) return `${differ}; the request for them is over: ${ended} wardroom reload asks again.`;
  return `${differ}.`;
}
