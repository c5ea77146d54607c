import { UserError } from "../failure.ts";
import { needWords } from "../people/need-words.ts";
import type { Policy } from "../people/policy.ts";
import type { Operation } from "../systems/operation.ts";
import type { HeldBack } from "./asking.ts";
import { type Holder, noTarget } from "./lock.ts";
import { fillSlots } from "./quorum.ts";
import { approvingRoles } from "./request-rules.ts";
import { type TierAsked, tierFor } from "./tier-for.ts";

/** What asking for an operation would come to under the rules in force. */
export type AskingOutlook =
  | { readonly asks: "refused"; readonly why: string; readonly remedy: string | undefined }
  | { readonly asks: "nobody" }
  | {
      readonly asks: "people";
      readonly tier: string;
      /** For example `1 approver and 1 lead or 2 leads`. */
      readonly need: string;
      /** Names of those who could agree. */
      readonly able: readonly string[];
      /** Whether they are enough. */
      readonly enough: boolean;
      /** It may also take nobody: that shows once it has its arguments and its system was read. */
      readonly orNobody?: true;
    };

/** What is asked for, by whom. */
export interface Asking extends Pick<TierAsked, "risk" | "direction"> {
  readonly system: string;
  readonly operation: string;
  readonly requester: string;
  /** The system whose people decide, where an operation of Wardroom itself is about another one. */
  readonly concerns?: string;
}

/** Who would have to agree, by the rules that opening a request goes by. */
export function askingOutlook(asked: Asking, policy: Policy): AskingOutlook {
  try {
    const { id, alternatives } = tierFor(asked, policy);
    if (alternatives.length === 0) return { asks: "nobody" };
    const sealed = {
      system: asked.system,
      ...(asked.concerns !== undefined && { concerns: asked.concerns }),
      requester: { person: asked.requester, name: "", account: "" },
      policy: { revision: policy.revision, tier: id, alternatives },
    };
    const able = policy.people.flatMap((person) => {
      const roles = approvingRoles(sealed, { person, where: "anywhere" }, policy);
      return roles.length > 0 ? [{ id: person.id, name: person.name, roles }] : [];
    });
    return {
      asks: "people",
      tier: id,
      need: needWords(alternatives),
      able: able.map(({ name }) => name),
      enough: alternatives.some((slots) => fillSlots(slots, able)),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { asks: "refused", why: error.message, remedy: error.remedy };
  }
}

/** What can be said before the operation has its arguments: who would have to agree at its gravest, and whether it may take nobody. */
export function unplannedOutlook(
  asked: Omit<Asking, "risk" | "direction">,
  { risk, direction, destructiveWhen }: Pick<Operation, "risk" | "direction" | "destructiveWhen">,
  policy: Policy,
): AskingOutlook {
  const gravest = askingOutlook({ ...asked, risk, direction }, policy);
  if (gravest.asks !== "people" || destructiveWhen === undefined) return gravest;
  const mildest = askingOutlook({ ...asked, risk: "change", direction }, policy);
  return mildest.asks === "nobody" ? { ...gravest, orNobody: true } : gravest;
}

/** A request that asking would meet. */
export interface Met {
  readonly code: string;
  readonly state: string;
  readonly by: string;
  /** It holds what the operation concerns, which waits for it. */
  readonly holds: boolean;
}

/** What stands in the way of a plan. */
export interface InTheWay {
  readonly met: readonly Met[];
  /** Who holds what cannot be read: then nothing starts on the system that is not urgent. */
  readonly lockUnread: boolean;
}

/** What asking for a plan would come to: who would have to agree, what holds the person back, and what is in the way. */
export interface AskingAhead extends InTheWay {
  readonly outlook: AskingOutlook;
  readonly held: HeldBack | undefined;
}

/** Does a holder have to be waited for, as far as can be said before the arguments are given? */
export function mayMeet({ targets }: Holder, wanted: readonly string[]): boolean {
  if (targets.includes(noTarget) || wanted.includes(noTarget)) return false;
  const isOpen = wanted.length === 0 || targets.length === 0 || wanted.some((each) => each.includes("{"));
  return isOpen || targets.some((each) => wanted.includes(each));
}
