import { fillSlots } from "../../domain/approvals/quorum.ts";
import type { Permission, Person } from "../../domain/people/person.ts";
import { decide, holdsRole, type Policy, type Tier, type TierRule, tierOf } from "../../domain/people/policy.ts";
import type { Operation } from "../../domain/systems/operation.ts";
import { ownSystemId } from "../../domain/systems/own-system.ts";
import { directionsOf } from "../../domain/systems/risk.ts";
import type { System } from "../../domain/systems/system.ts";
import { reachesOnlyDemo } from "../demo-systems.ts";
import type { ConfigProblem, Mistake } from "../problem.ts";
import { problemAt, type SourceText } from "../source.ts";
import type { Files, Loaded } from "./files.ts";

/**
 * Policies that let something through without the people it needs, or that nobody could ever satisfy. Whoever only tries it
 * out with `demoSystems` may begin alone: on what reaches nothing but the simulation, what nobody can approve is a warning,
 * and refused when it is asked for. `simulated`: the variables that say where the simulation is.
 */
export function checkApprovals(files: Files, policy: Policy, simulated: readonly string[]): ConfigProblem[] {
  const { wardroom, people, systems, everySystem } = files;
  if (!wardroom || !people) return [];
  const { source } = wardroom;
  const isForgiven = (system: Loaded<System>) =>
    wardroom.value.demoSystems && reachesOnlyDemo(system.source, simulated);
  const [forgiven, real] = [systems.filter(isForgiven), systems.filter((system) => !isForgiven(system))];
  const needed = new Set(real.flatMap(({ value }) => tiersUsed(value, policy)));
  return [
    ...(everySystem ? slotsNobodyFills(files, policy, source) : []).map(({ tier, problem }) =>
      forgiven.length > 0 && !needed.has(tier) ? asWarning(problem) : problem,
    ),
    ...shadowedRules(source, policy.rules),
    ...tooShortForWardroom(source, policy),
    ...systems.flatMap((system) => askingTheWrong(system, policy, source)),
    ...systems.flatMap((system) => stopsThatWait(system, policy)),
    ...real.flatMap((system) => nobodyToApprove(system, policy)),
    ...forgiven.flatMap((system) => nobodyToApprove(system, policy)).map(asWarning),
  ];
}

function asWarning(problem: ConfigProblem): ConfigProblem {
  return { ...problem, severity: "warning" };
}

/** The tiers that a system's operations fall into. */
function tiersUsed(system: System, policy: Policy): string[] {
  return questionsIn(system, policy).flatMap(([, , question]) => tierOf(question, policy)?.id ?? []);
}

/** What the policy is asked about an operation of a system. */
type Question = Parameters<typeof tierOf>[0];

/** Each operation with what the policy is asked about it, in each direction for which it has another rule. */
function questionsIn(system: System, policy: Policy): readonly (readonly [string, Operation, Question])[] {
  return Object.entries(system.operations).flatMap(([id, operation]) => {
    const questions = directionsOf(operation).map((direction): Question => {
      return { risk: operation.risk, direction, system: system.id, operation: id };
    });
    const byRule = new Map(questions.toReversed().map((each) => [ruleOf(each, policy), each] as const));
    return [...byRule.values()].map((question) => [id, operation, question] as const);
  });
}

/** The place of the rule that takes all cases of a question; -1 where none does. */
function ruleOf(question: Question, { rules }: Policy): number {
  return rules.findIndex((each) => takesAll(each, { ...question, tier: each.tier }));
}

function slotsNobodyFills(
  { systems }: Files,
  policy: Policy,
  source: SourceText,
): { readonly tier: string; readonly problem: ConfigProblem }[] {
  return policy.tiers.flatMap((tier, tierIndex) =>
    tier.alternatives.flatMap((alternative, index) =>
      alternative.flatMap((slot, place) => {
        const holders = policy.people.filter((person) =>
          [...systems.map(({ value }) => value.id), ownSystemId].some((system) =>
            holdsRole(person, { role: slot.role, permission: "approve", system, where: "anywhere" }, policy),
          ),
        );
        if (holders.length >= slot.count || !policy.roles.some((role) => role.id === slot.role)) return [];
        const path = ["policy", "tiers", tierIndex, "alternatives", index, place, "role"];
        const held = holders.length === 0 ? "nobody holds" : `only ${holders.map((each) => each.id).join(", ")} holds`;
        const message = `${held} \`approve\` through the role ${slot.role}, and ${slot.count} must`;
        const remedy = `Give the role \`approve\` in wardroom.yaml, or give it to more people in people.yaml.`;
        return [{ tier: tier.id, problem: problemAt(source, path, { message, remedy }) }];
      }),
    ),
  );
}

/** What is asked about Wardroom itself opens by itself, while nobody waits for it: with less, nobody could agree to any change. */
const leastDecideByMs = 600_000;

/** How long the tier of a rule for Wardroom itself gives people to decide. */
function tooShortForWardroom(source: SourceText, { rules, tiers }: Policy): ConfigProblem[] {
  return rules.flatMap((rule, index) => {
    const tier = tiers.find(({ id }) => id === rule.tier);
    if (rule.system !== ownSystemId || !tier || tier.decideBy >= leastDecideByMs) return [];
    const message = `the tier ${tier.id} gives people ${tier.decideBy / 1_000} seconds to decide on Wardroom itself, and it takes at least 10 minutes`;
    const remedy = "Name a tier with a `decideBy` of 10m or more.";
    return [problemAt(source, ["policy", "rules", index, "tier"], { message, remedy })];
  });
}

/** A rule after one that takes all its cases never counts, which is seldom what its writer thinks. */
function shadowedRules(source: SourceText, rules: readonly TierRule[]): ConfigProblem[] {
  return rules.flatMap((rule, index) => {
    const earlier = rules.slice(0, index).findIndex((each) => takesAll(each, rule));
    if (earlier < 0) return [];
    const message = `this rule never counts, because policy.rules[${earlier}] takes all its cases first`;
    return [
      problemAt(source, ["policy", "rules", index], { message, remedy: "Move it above that rule, or remove it." }),
    ];
  });
}

function takesAll(wide: TierRule, narrow: TierRule): boolean {
  const fields = ["risk", "direction", "system", "operation"] as const;
  return fields.every((field) => wide[field] === undefined || wide[field] === narrow[field]);
}

/** What destroys something and would run without anybody's yes, and what must not wait and would. */
function askingTheWrong({ value: system }: Loaded<System>, policy: Policy, source: SourceText): ConfigProblem[] {
  return questionsIn(system, policy).flatMap(([id, { risk, urgent }, question]) => {
    const path = ["policy", "rules", ruleOf(question, policy), "tier"];
    const tier = tierOf(question, policy);
    if (!tier) return [];
    if (risk === "destructive" && tier.alternatives.length === 0) {
      const message = `${id} of ${system.id} is destructive, and this rule gives it the tier ${tier.id}, which asks nobody`;
      const remedy = "Name a tier with approvals: whatever destroys something needs two people.";
      return [problemAt(source, path, { message, remedy })];
    }
    if (!urgent || tier.alternatives.length === 0) return [];
    const message = `${id} of ${system.id} is urgent, and this rule gives it the tier ${tier.id}, which waits for people`;
    const remedy = "Name a tier without approvals for it, or remove `urgent` from the operation.";
    return [problemAt(source, path, { message, remedy })];
  });
}

/** What takes the right to stop and could be urgent, and is not: somebody will press it behind a lock. */
function stopsThatWait({ source, value: system }: Loaded<System>, policy: Policy): ConfigProblem[] {
  return Object.entries(system.operations).flatMap(([id, { risk, direction, permission, urgent }]) => {
    const tier = tierOf({ risk, direction, system: system.id, operation: id }, policy);
    const could = permission === "stop" && risk === "change" && direction === "reduces";
    if (urgent || !could || tier?.alternatives.length !== 0) return [];
    const message = "this stops, and yet waits for whatever holds its system";
    const remedy = "Mark it `urgent: true`: it is then sent at once, and again until its `verify` holds.";
    return [asWarning(problemAt(source, ["operations", id], { message, remedy, at: "key" }))];
  });
}

/** Operations that no rule covers, or that some who may ask for them could never have approved. */
function nobodyToApprove({ source, value: system }: Loaded<System>, policy: Policy): ConfigProblem[] {
  const waiting: { readonly id: string; readonly mistake: Mistake }[] = [];
  const problems = questionsIn(system, policy).flatMap(([id, { permission }, question]) => {
    const { risk, direction } = question;
    if (ruleOf(question, policy) === -1) {
      const message = `no rule of the policy gives this operation a tier (risk ${risk}, direction ${direction})`;
      const remedy = "Add a rule for it to policy.rules in wardroom.yaml; without one nobody may ask for it.";
      return [problemAt(source, ["operations", id], { message, remedy, at: "key" })];
    }
    const tier = tierOf(question, policy);
    if (tier)
      waiting.push(...stuck({ system: system.id, permission }, tier, policy).map((mistake) => ({ id, mistake })));
    return [];
  });
  return [...problems, ...stuckTogether(source, waiting)];
}

/** One cause is told once, at the first operation it stops, with the names of the others. */
function stuckTogether(source: SourceText, waiting: readonly { id: string; mistake: Mistake }[]): ConfigProblem[] {
  const causes = Map.groupBy(waiting, ({ mistake }) => `${mistake.message} ${mistake.remedy}`);
  return [...causes.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const also = others.length === 0 ? "" : ` (${others.map(({ id }) => id).join(", ")} too)`;
    return [
      problemAt(source, ["operations", first.id], { ...first.mistake, message: `${first.mistake.message}${also}` }),
    ];
  });
}

/** The people who may ask for it but whose request nobody else could ever approve. */
function stuck({ system, permission }: Wish, tier: Tier, policy: Policy): Mistake[] {
  if (tier.alternatives.length === 0) return [];
  const approvers = policy.people
    .filter((person) => canSomewhere(person, { permission: "approve", system }, policy))
    .map((person) => ({ id: person.id, roles: approvingRoles(person, system, policy) }));
  const asking = policy.people.filter((person) => canSomewhere(person, { permission, system }, policy));
  const without = asking.filter((person) => {
    const others = approvers.filter((each) => each.id !== person.id);
    return !tier.alternatives.some((slots) => fillSlots(slots, others));
  });
  if (without.length === 0) return [];
  const message = `when ${without.map((person) => person.id).join(" or ")} asks, nobody else can fill the tier ${tier.id}`;
  const needs = tier.alternatives.map((slots) => slots.map((slot) => `${slot.count} × ${slot.role}`).join(" and "));
  const remedy = `It takes ${needs.join(", or ")} besides the person who asks, with ${system} among their systems and a channel that allows approve.`;
  return [{ message, remedy, at: "key" }];
}

interface Wish {
  readonly permission: Permission;
  readonly system: string;
}

function approvingRoles(person: Person, system: string, policy: Policy): string[] {
  return policy.roles
    .map((role) => role.id)
    .filter((role) => holdsRole(person, { role, permission: "approve", system, where: "anywhere" }, policy));
}

/** Is there any place where this person, with the accounts they have, may do this? */
function canSomewhere(person: Person, wish: Wish, policy: Policy): boolean {
  const channels = policy.channels.map(({ surface, channel }) => ({ surface, channel, direct: false }));
  const direct = policy.channels.map(({ surface }) => ({ surface, channel: "", direct: true }));
  return [...channels, ...direct].some(
    (place) => person.accounts[place.surface] !== undefined && decide({ person, ...wish, place }, policy).allowed,
  );
}
