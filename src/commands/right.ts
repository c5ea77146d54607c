import { whoMayWords } from "../cards/refusal.ts";
import type { CommandContext } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { Permission } from "../domain/people/person.ts";
import { decide } from "../domain/people/policy.ts";
import type { System } from "../domain/systems/system.ts";

/**
 * Throws UserError where whoever asks lacks a right on the system. The pipeline has checked that of the command; this is for
 * what a command is asked about that takes another.
 */
export function refuseWithoutRight(
  { invocation: { person, place }, people }: CommandContext,
  permission: Permission,
  system: System,
): void {
  const policy = people.policy();
  const asked = { place, permission, system: system.id };
  const verdict = decide({ ...asked, person }, policy);
  if (verdict.allowed) return;
  const able = policy.people.filter((each) => decide({ ...asked, person: each }, policy).allowed);
  throw new UserError(verdict.why, `${verdict.remedy} ${whoMayWords(able.map(({ name }) => name))}`);
}
