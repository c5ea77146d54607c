import { counted } from "../text/quantities.ts";
import type { Tier } from "./policy.ts";

/** `1 approver and 1 lead or 2 leads`: who has to agree. */
export function needWords(alternatives: Tier["alternatives"]): string {
  return alternatives.map((slots) => slots.map(({ count, role }) => counted(count, role)).join(" and ")).join(" or ");
}
