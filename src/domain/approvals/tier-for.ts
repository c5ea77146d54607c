import { UserError } from "../failure.ts";
import { type Policy, type Tier, tierOf } from "../people/policy.ts";
import { ownSystemId } from "../systems/own-system.ts";
import { ownTierOf } from "./own-tier.ts";
import { type Sealed, wardroomItself } from "./request.ts";

/** What decides who has to agree to an operation; `requester` is the person who asks. */
export interface TierAsked extends Pick<Sealed, "risk" | "direction" | "system" | "operation"> {
  readonly requester: string;
}

/** What changes Wardroom itself takes two people whatever the rules say. Throws UserError where no rule says who, or says nobody. */
export function tierFor({ requester, ...asked }: TierAsked, policy: Policy): Tier {
  const { risk, system, operation } = asked;
  // Two people agree, of whom whoever asks is one.
  const least = requester === wardroomItself.id ? 2 : 1;
  const tier = system === ownSystemId ? ownTierOf({ ...asked, least }, policy) : tierOf(asked, policy);
  if (tier && risk === "destructive" && tier.alternatives.length === 0)
    throw new UserError(
      `${operation} on ${system} destroys something, and the tier ${tier.id} that it is given asks nobody, so it cannot be asked for.`,
      "Give it a tier with approvals under policy.rules in wardroom.yaml: it takes two people.",
    );
  if (tier) return tier;
  throw new UserError(
    `No rule says who must approve ${operation} on ${system}, so it cannot be asked for.`,
    "Add a rule for it under policy.rules in wardroom.yaml.",
  );
}
