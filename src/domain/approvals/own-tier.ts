import type { Policy, Slot, Tier, TierRule } from "../people/policy.ts";
import { ownSystemId } from "../systems/own-system.ts";
import type { Sealed } from "./request.ts";

/** How long people have for what changes Wardroom itself where no rule names it, in ms. */
const ownDecideBy = 24 * 3_600_000;
const ownWindow = 300_000;

/** What decides who has to agree to an operation of Wardroom itself. */
export interface OwnAsked extends Pick<Sealed, "risk" | "direction"> {
  readonly operation: string;
  /** How many people have to agree at least: one besides whoever asks, two where nobody asks. */
  readonly least: 1 | 2;
}

/**
 * The tier of an operation of Wardroom itself: that of the first rule which names the system `wardroom`, and where none does
 * anybody who may approve there. Rules may ask for more people, never for fewer than `least`. Undefined when no role gives
 * the right to approve: then nobody could agree, which is never the same as nobody having to.
 */
export function ownTierOf(asked: OwnAsked, policy: Policy): Tier | undefined {
  const rule = policy.rules.find((each) => each.system === ownSystemId && takes(each, asked));
  const ruled = rule && policy.tiers.find(({ id }) => id === rule.tier);
  const written = ruled && ruled.alternatives.length > 0 ? ruled.alternatives : [[]];
  const alternatives = written.flatMap((slots) => raised(slots, asked.least, policy));
  if (alternatives.length === 0) return undefined;
  return { ...(ruled ?? { id: ownSystemId, decideBy: ownDecideBy, window: ownWindow }), alternatives };
}

function takes(rule: TierRule, { risk, direction, operation }: OwnAsked): boolean {
  return (
    (rule.risk ?? risk) === risk &&
    (rule.direction ?? direction) === direction &&
    (rule.operation ?? operation) === operation
  );
}

/** The slots with as many more as it takes, each to be filled by anybody who may approve: one alternative for each way. */
function raised(slots: readonly Slot[], least: number, policy: Policy): Slot[][] {
  const people = slots.reduce((sum, { count }) => sum + count, 0);
  const roles = policy.roles.filter(({ may }) => may.includes("approve")).map(({ id }) => id);
  return choices(roles, Math.max(0, least - people)).map((chosen) => {
    const more = [...Map.groupBy(chosen, (role) => role)].map(([role, seats]) => ({ role, count: seats.length }));
    return [...slots, ...more];
  });
}

/** Every way to choose so many roles, the same one more than once if need be, whatever their order. */
function choices(roles: readonly string[], count: number): string[][] {
  if (count === 0) return [[]];
  return roles.flatMap((role, index) => choices(roles.slice(index), count - 1).map((rest) => [role, ...rest]));
}
